using System.Net;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Relay;

/// <summary>Tests that messages about a session reach every instance that holds it, and no other instance.</summary>
public sealed class SessionHolderTests : IAsyncLifetime
{
    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly WireClient _client = new();
    private InProcessFleet _fleet = null!;

    private Uri A => _fleet.Urls[0];

    private Uri B => _fleet.Urls[1];

    public async ValueTask InitializeAsync()
    {
        _fleet = await InProcessFleet.StartAsync(
            3, _store, Cancellation, ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Fleet:PollIdle", "00:00:00.05"));
        // Each instance has a lease, because it holds a session.
        foreach (var url in _fleet.Urls)
        {
            using var other = new WireClient();
            await other.InitializeAsync(url);
        }

        await _client.InitializeAsync(A);
        _store.Forget();
    }

    public async ValueTask DisposeAsync()
    {
        _store.Before = null;
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"warning"} }""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"file:///a"} }""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77} }""")]
    public async Task Instances_that_do_not_hold_the_session_get_no_message(string message)
    {
        using var response = await _client.PostAsync(A, message);
        await response.Content.ReadAsStringAsync(Cancellation);

        Assert.True(response.IsSuccessStatusCode);
        Assert.DoesNotContain("INSERT Inbox", _store.Requests);
    }

    [Fact]
    public async Task A_cancellation_goes_only_to_the_instance_that_runs_the_call()
    {
        Assert.Equal("none", await _client.TextAsync(_fleet.Urls[2], 1, "level"));
        using var call = await _client.CallAsync(A, 2, "hold");
        await _fleet.Rendezvous.Entered.WaitAsync(Cancellation);
        await Eventually.IsTrueAsync(() => _store.Requests.Contains("FIND Events"));
        _store.Forget();

        using var unknown = await CancelAsync("77");
        using var cancelled = await CancelAsync("2");

        await _fleet.Rendezvous.Cancelled.WaitAsync(Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        Assert.Single(_store.Requests, "INSERT Inbox");
    }

    [Fact]
    public async Task A_cancellation_before_the_call_is_stored_ends_the_call()
    {
        var storing = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var inserts = 0;
        _store.Before = async (request, _) =>
        {
            if (request == "INSERT Events" && Interlocked.Increment(ref inserts) == 1)
            {
                storing.SetResult();
                await cancelled.Task;
            }
        };
        using var call = await _client.CallAsync(A, 2, "hold");
        await storing.Task.WaitAsync(Cancellation);

        using var response = await CancelAsync("2");
        cancelled.SetResult();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.DoesNotContain("INSERT Inbox", _store.Requests);
        await _fleet.Rendezvous.Cancelled.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_call_whose_instance_cannot_be_stored_at_once_can_be_cancelled_later()
    {
        var failures = 0;
        _store.Before = (request, _) => request == "INSERT Events" && Interlocked.Increment(ref failures) <= 2
            ? Task.FromException(new StateUnavailableException("The storage is down.", TimeSpan.FromMilliseconds(10)))
            : Task.CompletedTask;
        using var call = await _client.CallAsync(A, 2, "hold");
        await Eventually.IsTrueAsync(() => Volatile.Read(ref failures) > 2);

        using var response = await CancelAsync("2");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await _fleet.Rendezvous.Cancelled.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_log_level_reaches_every_instance_that_holds_the_session()
    {
        Assert.Equal("none", await _client.TextAsync(B, 1, "level"));
        _store.Forget();

        using var set = await _client.PostAsync(
            A, """{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"warning"} }""");
        await AnswerAsync(set, 2);

        Assert.Single(_store.Requests, "INSERT Inbox");
        Assert.Equal("Warning", await _client.TextAsync(B, 3, "level"));
        Assert.Equal("Warning", await _client.TextAsync(_fleet.Urls[2], 4, "level"));
    }

    [Fact]
    public async Task A_GET_stream_on_an_instance_without_the_session_ends_with_the_session()
    {
        using var stream = await _client.GetAsync(B);
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());

        using var deleted = await _client.DeleteAsync(A);

        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task A_session_that_ends_while_an_instance_begins_to_hold_it_is_404_there()
    {
        var ends = 0;
        _store.Before = async (request, cancellationToken) =>
        {
            if (request == "REPLACE Sessions" && Interlocked.Increment(ref ends) == 1)
            {
                using var deleted = await _client.DeleteAsync(A);
            }
        };

        using var call = await _client.CallAsync(B, 1, "echo", """{"text":"x"}""");

        Assert.Equal(HttpStatusCode.NotFound, call.StatusCode);
        Assert.False(_fleet.Service<LiveSessions>(1).TryGet(_client.InternalSessionId, out _));
    }

    [Fact]
    public async Task A_deletion_whose_response_was_lost_still_ends_the_session_everywhere()
    {
        Assert.Equal("x", await _client.TextAsync(B, 1, "echo", """{"text":"x"}"""));
        var losses = 0;
        _store.After = (request, _) => request == "DELETE Sessions" && Interlocked.Increment(ref losses) == 1
            ? throw new StateUnavailableException("The response was lost.", TimeSpan.FromSeconds(1))
            : Task.CompletedTask;

        using var deleted = await _client.DeleteAsync(A);

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        await Eventually.IsTrueAsync(() => !_fleet.Service<LiveSessions>(1).TryGet(_client.InternalSessionId, out _));
    }

    [Fact]
    public async Task Holders_that_are_gone_leave_the_row_when_there_are_many()
    {
        var sessions = _fleet.Service<SessionStore>(0);
        var old = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds();
        await sessions.UpdateAsync(
            _client.InternalSessionId,
            record => record with { Holders = Enumerable.Range(0, 20).ToDictionary(static i => $"{i:x16}", _ => old) },
            Cancellation);

        Assert.Equal("x", await _client.TextAsync(B, 1, "echo", """{"text":"x"}"""));

        var row = await sessions.FindAsync(_client.InternalSessionId, Cancellation);
        Assert.Equal([_fleet.Service<FleetMembership>(1).Id], row!.Holders!.Keys);
    }

    [Fact]
    public void An_instance_whose_sessions_are_unused_stops_to_poll()
    {
        var time = new FakeTimeProvider();
        var polling = new PollingDemand();
        using var demand = new SessionDemand(polling, time);
        demand.OnUsed();
        time.Advance(TimeSpan.FromSeconds(7));
        demand.OnUsed();
        time.Advance(TimeSpan.FromSeconds(7));
        Assert.True(polling.IsNeeded);

        time.Advance(TimeSpan.FromSeconds(7));

        Assert.False(polling.IsNeeded);
        demand.OnUsed();
        Assert.True(polling.IsNeeded);
    }

    private Task<HttpResponseMessage> CancelAsync(string request) => _client.PostAsync(
        B, $$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{request}}} }""");
}
