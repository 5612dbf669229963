using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using RemoteMcp.DataProtection;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Testing.Sessions;

/// <summary>
/// Tests the storage transactions of sessions and of the relay, as listed in docs/state.md. A derived class provides storage that counts
/// its requests. Lease renewals and inbox polls depend on time and not on requests, so the tests of single operations ignore them.
/// </summary>
public abstract class SessionTransactionsContract : IAsyncLifetime
{
    private static readonly string[] s_backgroundRequests = ["QUERY Inbox", "INSERT Instances", "REPLACE Instances", "DELETE Instances"];

    private readonly WireClient _client = new();
    private IStateStore _store = null!;
    private InProcessFleet _fleet = null!;
    private int _checkedRequests;

    /// <summary>The requests so far, for example <c>FIND Sessions</c>.</summary>
    internal abstract IReadOnlyList<string> Requests { get; }

    private Uri A => _fleet.Urls[0];

    private Uri B => _fleet.Urls[1];

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        _fleet = await InProcessFleet.StartAsync(2, _store, WithoutSweeper, Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Sessions:EventFlush", "00:00:10"),
            ("RemoteMcp:Fleet:PollIdle", "00:00:00.05"),
            ("RemoteMcp:Fleet:Lease", "00:00:30"), ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:30"));
        // Both instances read the fleet's secrets, which they do only once.
        _client.Session = "made.up";
        for (var i = 0; i < _fleet.Urls.Count; i++)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _client.CallAsync(_fleet.Urls[i], 0, "echo")).StatusCode);
            await _fleet.Service<FleetSecret>(i).GetAsync(SignedMessages.Purpose, Cancellation);
        }

        _client.Session = null;
        IgnoreRequestsSoFar();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _fleet.DisposeAsync();
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_stateless_request_costs_no_transactions()
    {
        Assert.Equal("x", await _client.StatelessTextAsync(A, "echo", """{"text":"x"}"""));
        Assert.Empty(Requests.Skip(_checkedRequests));
    }

    [Fact]
    public async Task An_unknown_session_id_costs_no_transactions()
    {
        foreach (var id in new[] { "made.up", "made", new string('a', 5000) + ".x", "0123456789abcdef0123456789abcdef.AAAAAAAAAAAAAAAA" })
        {
            _client.Session = id;
            Assert.Equal(HttpStatusCode.NotFound, (await _client.CallAsync(A, 1, "echo")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(A)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await _client.DeleteAsync(A)).StatusCode);
        }

        Assert.Empty(Requests.Skip(_checkedRequests));
    }

    [Fact]
    public async Task An_answer_with_an_invented_id_costs_no_transactions()
    {
        await OpenSessionAsync(A);
        foreach (var id in new[] { "0000000000000000.00000000.1", "0000000000000000.00000000.1.AAAAAAAAAAAAAAAA", "1", "x.y" })
        {
            using var response = await _client.PostAsync(B, $$"""{"jsonrpc":"2.0","id":"{{id}}","result":{} }""");
            Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.BadRequest);
        }

        AssertSent();
    }

    [Fact]
    public async Task A_cancellation_of_a_call_that_no_instance_runs_costs_two_transactions()
    {
        await OpenSessionAsync(A);
        await OpenSessionAsync(B);
        using var cancelled = await _client.PostAsync(
            A, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}""");
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        AssertSent("FIND Events", "INSERT Events");
    }

    [Fact]
    public async Task A_batch_of_cancellations_costs_two_transactions_for_each_and_sends_no_messages()
    {
        _client.Version = "2025-03-26";
        await OpenSessionAsync(A);
        var cancellations = Enumerable.Range(1000, 100).Select(
            static id => $$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{id}}} }""");
        using var response = await _client.PostAsync(A, $"[{string.Join(',', cancellations)}]");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        AssertSent([.. Enumerable.Repeat("FIND Events", 100), .. Enumerable.Repeat("INSERT Events", 100)]);
    }

    [Fact]
    public async Task A_call_that_runs_for_a_second_costs_three_transactions_more()
    {
        await OpenSessionAsync(A);
        using var call = await _client.CallAsync(A, 1, "hold");
        await Eventually.IsTrueAsync(() => Requests.Skip(_checkedRequests).Contains("FIND Events"));
        _fleet.Rendezvous.Release();
        await AnswerAsync(call, 1);
        await Eventually.IsTrueAsync(() => Requests.Skip(_checkedRequests).Contains("DELETE Events"));
        // The number of writes of the stream's events depends on the time.
        Assert.Equal(
            ["DELETE Events", "FIND Events", "INSERT Events"],
            WithoutBackgroundRequests(Requests.Skip(_checkedRequests)).Where(static request => request != "COMMIT Events"));
    }

    [Fact]
    public async Task Initialize_costs_one_transaction_plus_one_for_the_lease()
    {
        await _client.InitializeAsync(A);
        Assert.Equal(
            ["INSERT Instances", "INSERT Sessions"],
            Requests.Skip(_checkedRequests).Where(static request => request is not ("QUERY Inbox" or "REPLACE Instances")).Order());
        IgnoreRequestsSoFar();
        _client.Session = null;
        await _client.InitializeAsync(A);
        AssertSent("INSERT Sessions");
    }

    [Fact]
    public async Task A_call_with_its_session_in_memory_costs_one_transaction_after_its_response()
    {
        await OpenSessionAsync(A);
        Block("COMMIT Events");
        Assert.Equal("x", await _client.TextAsync(A, 1, "echo", """{"text":"x"}"""));
        Unblock();
        await AssertSentAsync("COMMIT Events");
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-03-26")]
    public async Task A_call_of_a_client_that_cannot_resume_costs_no_transactions(string version)
    {
        _client.Version = version;
        await OpenSessionAsync(A);
        Assert.Equal("x", await _client.TextAsync(A, 1, "echo", """{"text":"x"}"""));
        await _client.DeleteAsync(A);
        AssertSent("DELETE Sessions", "FIND Sessions");
    }

    [Fact]
    public async Task A_call_with_progress_costs_one_transaction_after_its_response()
    {
        await OpenSessionAsync(A);
        Assert.Equal("counted 20", await _client.TextAsync(A, 1, "count", """{"n":20,"pauseMs":1}"""));
        await AssertSentAsync("COMMIT Events");
    }

    [Fact]
    public async Task The_first_call_on_another_instance_costs_two_transactions_plus_one_for_the_lease()
    {
        await OpenSessionAsync(A);
        Block("COMMIT Events");
        Assert.Equal("x", await _client.TextAsync(B, 1, "echo", """{"text":"x"}"""));
        Assert.Equal(
            ["FIND Sessions", "INSERT Instances", "REPLACE Sessions"],
            Requests.Skip(_checkedRequests)
                .Where(static request => request is not ("QUERY Inbox" or "REPLACE Instances" or "COMMIT Events"))
                .Order());
        Unblock();
        Assert.Equal("x", await _client.TextAsync(B, 2, "echo", """{"text":"x"}"""));
        await AssertSentAsync("COMMIT Events", "COMMIT Events", "FIND Sessions", "REPLACE Sessions");
    }

    [Fact]
    public async Task Delete_costs_two_transactions_plus_four_if_another_instance_holds_the_session()
    {
        await OpenSessionAsync(A);
        await _client.DeleteAsync(A);
        AssertSent("DELETE Sessions", "FIND Sessions");

        await OpenSessionAsync(A);
        await OpenSessionAsync(B);
        await _client.DeleteAsync(A);
        AssertSent("DELETE Inbox", "DELETE Sessions", "FIND Inbox", "FIND Sessions", "INSERT Inbox", "QUERY Instances");
    }

    [Fact]
    public async Task A_log_level_costs_two_transactions_before_its_response()
    {
        await OpenSessionAsync(A);
        using var set = await _client.PostAsync(A, """{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"warning"}}""");
        await AnswerAsync(set, 2);
        await AssertSentAsync("COMMIT Events", "FIND Sessions", "REPLACE Sessions");
    }

    [Fact]
    public async Task A_log_level_costs_the_same_in_a_fleet_of_forty_instances()
    {
        await OpenSessionAsync(A);
        await OpenSessionAsync(B);
        for (var i = 0; i < 38; i++)
        {
            var lease = new StateKey(FleetMembership.Table, "fleet", $"{i:x16}");
            await _store.TryInsertAsync(lease, InstanceLease.Body, DateTimeOffset.UtcNow.AddHours(1), Cancellation);
        }

        IgnoreRequestsSoFar();
        using var set = await _client.PostAsync(A, """{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"warning"}}""");
        await AnswerAsync(set, 2);
        await AssertSentAsync(
            "COMMIT Events", "DELETE Inbox", "FIND Inbox", "FIND Sessions", "INSERT Inbox", "QUERY Instances", "REPLACE Sessions");
        Assert.Equal("Warning", await _client.TextAsync(B, 3, "level"));
    }

    [Fact]
    public async Task A_subscription_costs_three_transactions_before_its_response()
    {
        await OpenSessionAsync(A);
        using var set = await _client.PostAsync(
            A, """{"jsonrpc":"2.0","id":2,"method":"resources/subscribe","params":{"uri":"file:///a"}}""");
        await AnswerAsync(set, 2);
        await AssertSentAsync("COMMIT Events", "FIND Sessions", "FIND Sessions", "REPLACE Sessions");
    }

    [Fact]
    public async Task A_relayed_answer_costs_five_transactions()
    {
        await OpenSessionAsync(A);
        Assert.Equal("x", await _client.TextAsync(B, 1, "echo", """{"text":"x"}"""));
        await AssertSentAsync("COMMIT Events", "FIND Sessions", "REPLACE Sessions");
        using var call = await _client.CallAsync(A, 2, "ask", """{"question":"?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        JsonNode? prompt = null;
        while (prompt is null && await events.MoveNextAsync())
        {
            prompt = events.Current.Message?["method"] is null ? null : events.Current.Message;
        }

        AssertSent();
        using var answered = await _client.PostAsync(
            B, $$"""{"jsonrpc":"2.0","id":{{prompt!["id"]!.ToJsonString()}},"result":{"action":"accept","content":{"answer":"y"} } }""");
        Assert.Equal(HttpStatusCode.Accepted, answered.StatusCode);
        while (await events.MoveNextAsync())
        {
        }

        await AssertSentAsync("COMMIT Events", "DELETE Inbox", "FIND Inbox", "FIND Instances", "INSERT Inbox", "REPLACE Inbox");
    }

    [Fact]
    public async Task Opening_a_stream_costs_four_transactions()
    {
        await OpenSessionAsync(A);
        using var stream = await _client.GetAsync(A);
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        var next = events.MoveNextAsync().AsTask();
        await AssertSentAsync("FIND Sessions", "FIND Sessions", "INSERT Sessions", "QUERY Events");
        await NotifyAsync(0);
        Assert.True(await next);
    }

    [Fact]
    public async Task A_notification_costs_one_transaction_locally_and_seven_from_another_instance()
    {
        await OpenSessionAsync(A);
        Assert.Equal("x", await _client.TextAsync(B, 1, "echo", """{"text":"x"}"""));
        await AssertSentAsync("COMMIT Events", "FIND Sessions", "REPLACE Sessions");
        using var stream = await _client.GetAsync(A);
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        var next = events.MoveNextAsync().AsTask();
        await AssertSentAsync("FIND Sessions", "FIND Sessions", "INSERT Sessions", "QUERY Events");

        await NotifyAsync(0);
        Assert.True(await next);
        next = events.MoveNextAsync().AsTask();
        await AssertSentAsync("COMMIT Events");

        await NotifyAsync(1);
        Assert.True(await next);
        next = events.MoveNextAsync().AsTask();
        await AssertSentAsync(
            "COMMIT Events", "DELETE Inbox", "FIND Inbox", "FIND Instances", "FIND Sessions", "INSERT Inbox", "REPLACE Inbox");
        await NotifyAsync(0);
        Assert.True(await next);
    }

    [Fact]
    public async Task An_instance_without_sessions_in_memory_costs_no_transactions()
    {
        await OpenSessionAsync(A);
        var polls = Requests.Count;
        await Eventually.IsTrueAsync(() => Requests.Skip(polls).Contains("QUERY Inbox"));
        await _client.DeleteAsync(A);
        await Eventually.IsTrueAsync(() => Requests.Skip(polls).Contains("DELETE Instances"));
        IgnoreRequestsSoFar();
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("x", await _client.StatelessTextAsync(A, "echo", """{"text":"x"}"""));
            await Task.Yield();
        }

        Assert.Empty(Requests.Skip(_checkedRequests));
    }

    /// <summary>Opens storage that counts its requests and whose tables exist.</summary>
    internal abstract ValueTask<IStateStore> OpenAsync();

    internal abstract ValueTask CloseAsync();

    /// <summary>Holds requests of one kind back until <see cref="Unblock"/>.</summary>
    internal abstract void Block(string request);

    internal abstract void Unblock();

    private async Task OpenSessionAsync(Uri url)
    {
        if (_client.Session is not null && url == B)
        {
            Assert.Equal("", await _client.TextAsync(B, 9, "echo", """{"text":""}"""));
            await Eventually.IsTrueAsync(() => Requests.Skip(_checkedRequests).Contains("COMMIT Events"));
        }
        else
        {
            _client.Session = null;
            await _client.InitializeAsync(url);
        }

        IgnoreRequestsSoFar();
    }

    // The sweeper runs 30 s after the start, and its requests do not belong to sessions.
    private static void WithoutSweeper(IServiceCollection services) =>
        services.Remove(services.Single(static service => service.ImplementationType == typeof(ExpirySweeper)));

    private async Task NotifyAsync(int instance)
    {
        Assert.True(_fleet.Service<LiveSessions>(instance).TryGet(_client.InternalSessionId, out var session));
        await session.Server.SendMessageAsync(
            new JsonRpcNotification { Method = "notifications/message", Params = new JsonObject { ["level"] = "info", ["data"] = "" } },
            Cancellation);
    }

    private void IgnoreRequestsSoFar() => _checkedRequests = Requests.Count;

    /// <summary>Asserts the requests since the last check, in any order, because two instances run concurrently.</summary>
    private void AssertSent(params string[] expected)
    {
        var sent = Requests.Skip(_checkedRequests).ToList();
        _checkedRequests += sent.Count;
        Assert.Equal(expected.Order(StringComparer.Ordinal), WithoutBackgroundRequests(sent));
    }

    private async Task AssertSentAsync(params string[] expected)
    {
        await Eventually.IsTrueAsync(() => WithoutBackgroundRequests(Requests.Skip(_checkedRequests)).Count >= expected.Length);
        AssertSent(expected);
    }

    private static List<string> WithoutBackgroundRequests(IEnumerable<string> requests)
    {
        var remaining = requests.Where(static request => !s_backgroundRequests.Contains(request)).Order(StringComparer.Ordinal).ToList();
        // The sender reads its message until the receiver has handled it. The number of reads depends on timing.
        var reads = remaining.Count(static request => request == "FIND Inbox");
        remaining.RemoveRange(Math.Max(0, remaining.IndexOf("FIND Inbox")), Math.Max(0, reads - 1));
        return remaining;
    }
}
