using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;
using RemoteMcp.Tests.DataProtection;
using RemoteMcp.Tests.Storage;

namespace RemoteMcp.Tests.Sessions.Relay;

/// <summary>
/// One instance of a fleet whose background services do not run. A test decides when the instance renews its lease and reads its inbox.
/// </summary>
internal sealed class InboxHost : IDisposable
{
    private readonly IHost _host;
    private readonly FleetInstance _keys;

    public InboxHost(IStateStore shared, TimeProvider time)
    {
        Store = new ControlledStore(shared);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        // The keys have their own clock, because a read of the key ring would let the test's clock advance.
        _keys = new FleetInstance(shared);
        builder.Services.AddSingleton(new SignedMessages(_keys.Secrets, time, NullLogger<SignedMessages>.Instance));
        builder.Services.AddSingleton(time).AddSingleton<IStateStore>(Store).AddRemoteMcp(builder.Configuration);
        _host = builder.Build();
    }

    /// <summary>The instance's own connection to the shared storage.</summary>
    public ControlledStore Store { get; }

    public string Id => Membership.Id;

    public FleetMembership Membership => _host.Services.GetRequiredService<FleetMembership>();

    public Inbox Inbox => _host.Services.GetRequiredService<Inbox>();

    public InboxRows Rows => _host.Services.GetRequiredService<InboxRows>();

    public ReceivedMessages Received => _host.Services.GetRequiredService<ReceivedMessages>();

    /// <summary>Takes the lease, reads the inbox, and handles every message without an effect.</summary>
    /// <returns>The messages that the instance may handle.</returns>
    public async Task<List<ReceivedMessage>> PollAsync(CancellationToken cancellationToken)
    {
        await Membership.EnsureLeaseAsync(cancellationToken);
        var messages = await Received.ReceiveAsync(await Rows.ReadAsync(cancellationToken), cancellationToken);
        foreach (var message in messages)
        {
            await Rows.DeleteAsync(message.Row.Key, cancellationToken);
        }

        return messages;
    }

    public void Dispose()
    {
        _host.Dispose();
        _keys.Dispose();
    }
}
