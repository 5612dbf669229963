using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions;
using RemoteMcp.Sessions.Streams;
using RemoteMcp.Storage;
using RemoteMcp.Tests.DataProtection;
using RemoteMcp.Tests.Sessions.Relay;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>
/// Tests that a client that resumes a call of a killed instance gets an error within 10 s, whenever the instance last renewed its lease.
/// </summary>
public sealed class DeadInstanceTests : IDisposable
{
    private const string Owner = "0123456789abcdef";
    private const string Session = "session";
    private static readonly StateKey s_fence = new(EventRows.Table, Session, "Gone|stream");
    private static readonly TimeSpan s_maxDuration = TimeSpan.FromSeconds(10);

    private readonly AutoAdvancingTime _time = new();
    private readonly FleetInstance _keys = new(new MemoryStateStore(TimeProvider.System));
    private readonly MemoryStateStore _memory;

    public DeadInstanceTests() => _memory = new MemoryStateStore(_time);

    public void Dispose() => _keys.Dispose();

    public static TheoryData<double, double> Deaths()
    {
        var deaths = new TheoryData<double, double>();
        for (var aliveFor = -2.0; aliveFor <= 3; aliveFor += 0.25)
        {
            deaths.Add(aliveFor, 0);
            deaths.Add(aliveFor, 1.2);
            deaths.Add(aliveFor, 2.4);
        }

        return deaths;
    }

    /// <param name="aliveFor">
    /// The number of seconds that the instance lives after the client resumed. It is negative if the instance died before.
    /// </param>
    /// <param name="sinceRenewal">The number of seconds between the last renewal of its 7 s lease and its death.</param>
    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_resumed_call_of_a_dead_instance_gets_an_error_within_10_seconds(double aliveFor, double sinceRenewal)
    {
        var resumed = _time.GetUtcNow();
        var death = resumed + TimeSpan.FromSeconds(aliveFor);
        await _memory.TryInsertAsync(
            new StateKey(FleetMembership.Table, "fleet", Owner),
            InstanceLease.Body,
            death + TimeSpan.FromSeconds(7 - sinceRenewal) + InstanceLease.KeptAfterEnd,
            Cancellation);
        using var resumer = Resumer(new ControlledStore(_memory) { Before = (request, _) => AnswerUntilAsync(death, request) });

        var events = await ResumeAsync(resumer).ToListAsync(Cancellation);

        Assert.Contains(
            "Check its effect before you call again.", Encoding.UTF8.GetString(Assert.Single(events).Data.Span), StringComparison.Ordinal);
        var elapsed = _time.GetUtcNow() - (death > resumed ? death : resumed);
        Assert.True(elapsed <= s_maxDuration, string.Create(CultureInfo.InvariantCulture, $"It took {elapsed}."));
    }

    /// <param name="stall">The number of seconds for which the first request of the resumer is stalled.</param>
    /// <param name="back">The number of seconds after the stall at which the instance has its lease again.</param>
    [Theory]
    [InlineData(0, 0.9)]
    [InlineData(0, 3)]
    [InlineData(8, 3)]
    public async Task A_call_continues_if_its_instance_takes_its_lease_again(double stall, double back)
    {
        var returns = _time.GetUtcNow() + TimeSpan.FromSeconds(stall + back);
        using var resumer = Resumer(new ControlledStore(_memory)
        {
            Before = (request, _) =>
            {
                _time.Advance(TimeSpan.FromSeconds(stall));
                stall = 0;
                return ReturnAsync(returns, request);
            },
        });

        var first = await ResumeAsync(resumer).FirstAsync(Cancellation);

        Assert.Equal("{}", Encoding.UTF8.GetString(first.Data.Span));
    }

    [Fact]
    public async Task A_call_that_is_reported_as_gone_is_fenced_off()
    {
        using var resumer = Resumer(_memory);

        await ResumeAsync(resumer).ToListAsync(Cancellation);

        Assert.NotNull(await _memory.FindAsync(s_fence, Cancellation));
    }

    [Fact]
    public async Task A_call_whose_instance_returns_while_it_is_fenced_off_continues()
    {
        using var resumer = Resumer(new ControlledStore(_memory)
        {
            Before = (request, _) => request == $"INSERT {EventRows.Table}" ? ReturnAsync(_time.GetUtcNow(), request) : TakeMessagesAsync(),
        });

        var first = await ResumeAsync(resumer).FirstAsync(Cancellation);

        Assert.Equal("{}", Encoding.UTF8.GetString(first.Data.Span));
        Assert.Null(await _memory.FindAsync(s_fence, Cancellation));
    }

    private static IAsyncEnumerable<StreamEvent> ResumeAsync(IHost resumer) =>
        resumer.Services.GetRequiredService<StreamResumption>()
            .ResumeAsync(Session, new EventId("stream", 0, 1, Owner, new RequestId(7)), Cancellation);

    // The instance on which the client resumes. The host is not started, so nothing else waits for the clock.
    private IHost Resumer(IStateStore store)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        // The keys have their own clock, because a read of the key ring would let this one advance.
        builder.Services.AddSingleton(new SignedMessages(_keys.Secrets, _time, NullLogger<SignedMessages>.Instance));
        builder.Services.AddSingleton<TimeProvider>(_time).AddSingleton(store).AddRemoteMcp(builder.Configuration);
        return builder.Build();
    }

    // While the owner lives, it takes each message before the sender reads it for the second time.
    private async Task AnswerUntilAsync(DateTimeOffset death, string request)
    {
        if (request == $"FIND {Inbox.Table}" && _time.GetUtcNow() < death)
        {
            await TakeMessagesAsync();
        }
    }

    // From that time on, the owner has its lease, takes messages, and has written the events that the client missed.
    private async Task ReturnAsync(DateTimeOffset back, string request)
    {
        if (_time.GetUtcNow() >= back
            && await _memory.TryInsertAsync(
                new StateKey(FleetMembership.Table, "fleet", Owner),
                InstanceLease.Body,
                back + TimeSpan.FromHours(1),
                Cancellation) is not null)
        {
            await new EventRows(_memory, Options.Create(new SessionOptions()), _time).WriteAsync(
                Session,
                [new StreamEvent(new EventId("stream", 0, 2, Owner, new RequestId(7)), "{}"u8.ToArray(), null, StreamEventKind.Final)],
                Cancellation);
        }

        if (request == $"FIND {Inbox.Table}")
        {
            await TakeMessagesAsync();
        }
    }

    private async Task TakeMessagesAsync()
    {
        await foreach (var message in _memory.QueryAsync(Inbox.Table, Owner, default, Cancellation))
        {
            await _memory.DeleteAsync(message.Key, Cancellation);
        }
    }
}
