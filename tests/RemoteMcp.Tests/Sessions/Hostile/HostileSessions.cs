using System.Text.Json.Nodes;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Hostile;

/// <summary>
/// Provides two callers, each with a session, on two instances. A caller cannot read or affect the session of the other caller.
/// </summary>
public abstract class HostileSessions : IAsyncLifetime
{
    private protected const string Victim = "tenant/victim/app";
    private protected const string Attacker = "tenant/attacker/app";

    private protected WireClient TheVictim { get; } = new() { Caller = Victim };

    private protected WireClient TheAttacker { get; } = new() { Caller = Attacker };

    private protected ControlledStore Store { get; } = new(new MemoryStateStore(TimeProvider.System));

    private protected InProcessFleet Instances { get; private set; } = null!;

    private protected Uri A => Instances.Urls[0];

    private protected Uri B => Instances.Urls[1];

    /// <summary>The timeout of a message to another instance. Tests that wait for the entire timeout set a shorter one.</summary>
    private protected virtual string DeliveryTimeout => "00:00:10";

    public async ValueTask InitializeAsync()
    {
        Instances = await InProcessFleet.StartAsync(2, Store, Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Sessions:EventFlush", "00:00:00.05"),
            ("RemoteMcp:Sessions:MaxNewPerMinute", "20"), ("RemoteMcp:Fleet:DeliveryTimeout", DeliveryTimeout),
            ("RemoteMcp:Fleet:PollIdle", "00:00:00.05"));
        await TheVictim.InitializeAsync(A);
        await TheAttacker.InitializeAsync(A);
    }

    public async ValueTask DisposeAsync()
    {
        TheVictim.Dispose();
        TheAttacker.Dispose();
        await Instances.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static string Initialize(string capabilities) =>
        $$"""{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{{capabilities}}"""
            + ""","clientInfo":{"name":"wire","version":"1"} } }""";

    private protected static string Inner(string signed) => signed[..signed.LastIndexOf('.')];

    private protected static Task<JsonNode> PromptAsync(HttpResponseMessage call) =>
        PromptAsync(ReadAsync(call).GetAsyncEnumerator(Cancellation));

    private protected static async Task<JsonNode> PromptAsync(IAsyncEnumerator<(string? Id, JsonNode? Message)> events)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Message is { } message && message["method"] is not null)
            {
                return message;
            }
        }

        throw new InvalidOperationException("The stream ended without a prompt.");
    }
}
