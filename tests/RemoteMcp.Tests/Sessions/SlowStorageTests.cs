using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;
using Xunit;
using static RemoteMcp.Tests.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>What a slow storage or a slow instance costs: time, and neither an answer nor a call.</summary>
public sealed class SlowStorageTests : IAsyncLifetime
{
    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly WireClient _client = new();
    private Fleet _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        _fleet = await Fleet.StartAsync(2, _store, Cancellation, ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:01"), ("RemoteMcp:Fleet:Lease", "00:00:30"));
        await _client.InitializeAsync(_fleet.Urls[0]);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Before = null;
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task A_persons_answer_waits_for_an_instance_that_takes_longer_than_the_delivery_timeout()
    {
        using var call = await _client.CallAsync(_fleet.Urls[0], 1, "ask", """{"question":"Name?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var prompt = await NextRequestAsync(events);
        var looks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Before = (request, cancellationToken) => request == "QUERY Inbox" ? looks.Task.WaitAsync(cancellationToken) : Task.CompletedTask;

        var answering = _client.AnswerPromptAsync(_fleet.Urls[1], prompt, "Ada");
        // The sender looks after 25 ms, and then ever later, up to 250 ms: twelve looks take about 2 s.
        await Eventually.IsTrueAsync(() => answering.IsCompleted || _store.Requests.Count(static request => request == "FIND Inbox") > 12);
        looks.SetResult();

        Assert.Equal(HttpStatusCode.Accepted, await answering);
        Assert.Equal("Name? -> Ada", await TextOfAnswerAsync(events, 1));
    }

    [Fact]
    public async Task A_call_that_is_resumed_elsewhere_while_its_events_cannot_be_written_is_not_given_up()
    {
        string last;
        using (var call = await _client.CallAsync(_fleet.Urls[0], 1, "ask", """{"question":"Name?"}"""))
        {
            last = (await ReadAsync(call).FirstAsync(static e => e.Id is not null, Cancellation)).Id!;
        }

        _store.Before = static (request, cancellationToken) => request == "COMMIT Events" ? ControlledStore.Down(request, cancellationToken) : Task.CompletedTask;
        using var resumed = await _client.GetAsync(_fleet.Urls[1], last);
        var events = ReadAsync(resumed).GetAsyncEnumerator(Cancellation);
        var prompting = NextRequestAsync(events);
        // Longer than it takes to be refused twice.
        await Eventually.IsTrueAsync(() => prompting.IsCompleted || _store.Requests.Count(static request => request == "QUERY Events") > 15);
        _store.Before = null;

        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(_fleet.Urls[1], await prompting, "Ada"));
        Assert.Equal("Name? -> Ada", await TextOfAnswerAsync(events, 1));
    }

    [Fact]
    public async Task A_lease_that_somebody_needs_after_all_is_not_given_up()
    {
        var time = new FakeTimeProvider();
        using var fleet = new FleetMembership(new MemoryStateStore(time), Options.Create(new FleetOptions()), time);
        await fleet.StayAsync(Cancellation);

        await fleet.LeaveAsync(static () => true, Cancellation);

        Assert.NotNull(await fleet.FindAsync(fleet.Id, Cancellation));
        Assert.NotEqual(0, fleet.Term);
    }
}
