using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests that no answer and no call is lost if the storage or an instance is slow.</summary>
public sealed class SlowStorageTests : IAsyncLifetime
{
    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly WireClient _client = new();
    private InProcessFleet _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        _fleet = await InProcessFleet.StartAsync(
            2, _store, Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:01"),
            ("RemoteMcp:Fleet:Lease", "00:00:30"));
        await _client.InitializeAsync(_fleet.Urls[0]);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Before = null;
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_to_a_prompt_waits_longer_than_the_delivery_timeout()
    {
        using var call = await _client.CallAsync(_fleet.Urls[0], 1, "ask", """{"question":"Name?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var prompt = await NextRequestAsync(events);
        var looks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Before = (request, cancellationToken) =>
            request == "QUERY Inbox" ? looks.Task.WaitAsync(cancellationToken) : Task.CompletedTask;

        var answering = _client.AnswerPromptAsync(_fleet.Urls[1], prompt, "Ada");
        // The sender reads its message first after 25 ms, and then at growing intervals of up to 250 ms. Twelve reads take about 2 s.
        await Eventually.IsTrueAsync(() => answering.IsCompleted || _store.Requests.Count(static request => request == "FIND Inbox") > 12);
        looks.SetResult();

        Assert.Equal(HttpStatusCode.Accepted, await answering);
        Assert.Equal("Name? -> Ada", await TextOfAnswerAsync(events, 1));
    }

    [Fact]
    public async Task A_call_can_be_resumed_elsewhere_while_its_events_cannot_be_written()
    {
        string last;
        using (var call = await _client.CallAsync(_fleet.Urls[0], 1, "ask", """{"question":"Name?"}"""))
        {
            last = (await ReadAsync(call).FirstAsync(static e => e.Id is not null, Cancellation)).Id!;
        }

        _store.Before = static (request, cancellationToken) =>
            request == "COMMIT Events" ? ControlledStore.Down(request, cancellationToken) : Task.CompletedTask;
        using var resumed = await _client.GetAsync(_fleet.Urls[1], last);
        var events = ReadAsync(resumed).GetAsyncEnumerator(Cancellation);
        var prompting = NextRequestAsync(events);
        // This takes longer than two refusals.
        await Eventually.IsTrueAsync(
            () => prompting.IsCompleted || _store.Requests.Count(static request => request == "QUERY Events") > 15);
        _store.Before = null;

        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(_fleet.Urls[1], await prompting, "Ada"));
        Assert.Equal("Name? -> Ada", await TextOfAnswerAsync(events, 1));
    }

    [Fact]
    public async Task A_lease_that_is_needed_again_is_not_released()
    {
        var time = new FakeTimeProvider();
        using var fleet = new FleetMembership(new MemoryStateStore(time), Options.Create(new FleetOptions()), time);
        await fleet.EnsureLeaseAsync(Cancellation);

        await fleet.ReleaseLeaseAsync(static () => true, Cancellation);

        Assert.NotNull(await fleet.FindAsync(fleet.Id, Cancellation));
        Assert.NotEqual(0, fleet.Term);
    }
}
