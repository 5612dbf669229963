using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Protocol;
using RemoteMcp.Relay;
using RemoteMcp.Sessions;
using RemoteMcp.State;
using Xunit;
using static RemoteMcp.Tests.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Sessions, events and prompts of others, and ids that nobody gave out: nothing leaks, nothing crosses, nothing hangs.</summary>
public sealed class HostileSessionsTests : IAsyncLifetime
{
    private const string Victim = "tenant/victim/app";
    private const string Attacker = "tenant/attacker/app";

    private readonly WireClient _victim = new() { Caller = Victim };
    private readonly WireClient _attacker = new() { Caller = Attacker };
    private ControlledStore _store = null!;
    private Fleet _fleet = null!;

    private Uri A => _fleet.Urls[0];

    private Uri B => _fleet.Urls[1];

    public async ValueTask InitializeAsync()
    {
        _store = new ControlledStore(new MemoryStateStore(TimeProvider.System));
        _fleet = await Fleet.StartAsync(2, _store, Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Sessions:EventFlush", "00:00:00.05"),
            ("RemoteMcp:Sessions:MaxNewPerMinute", "20"), ("RemoteMcp:Relay:DeliveryTimeout", "00:00:02"));
        await _victim.InitializeAsync(A);
        await _attacker.InitializeAsync(A);
    }

    public async ValueTask DisposeAsync()
    {
        _victim.Dispose();
        _attacker.Dispose();
        await _fleet.DisposeAsync();
    }

    public static TheoryData<string> AlteredIds =>
    [
        "guessed", "guessed.guessed", ".", "..", ".AAAAAAAAAAAAAAAA", "{id}.", "{id}", "{id}.AAAAAAAAAAAAAAAA", "{signed-last}", "{signed}A", "A{signed}", "{SIGNED}",
        "{signed}.{sum}", "{id}.{sum}=", "{id}..{sum}", "../{signed}", "{signed}%00", "{signed};{signed}", "{signed} {signed}", "\"{signed}\"",
        "{id-last}.{sum}", "{id}x.{sum}", "get.{sum}", "session.{sum}",
    ];

    [Theory]
    [MemberData(nameof(AlteredIds))]
    public async Task An_id_that_was_not_given_out_is_unknown_and_costs_nothing(string pattern)
    {
        await LearnSecretAsync(B);
        var signed = _attacker.Session!;
        var (id, sum) = (Inner(signed), signed[(signed.LastIndexOf('.') + 1)..]);
        _attacker.Session = pattern.Replace("{signed-last}", signed[..^1]).Replace("{signed}", signed).Replace("{SIGNED}", signed.ToUpperInvariant())
            .Replace("{id-last}", id[..^1]).Replace("{id}", id).Replace("{sum}", sum);
        await AssertUnknownAndFreeAsync(_attacker);
    }

    [Theory]
    [InlineData(Attacker)]
    [InlineData("other/victim/app")]
    [InlineData("tenant/victim/other")]
    [InlineData("tenant/VICTIM/app")]
    [InlineData(null)]
    public async Task The_session_of_another_caller_is_unknown_and_costs_nothing(string? caller)
    {
        await LearnSecretAsync(B);
        using var thief = new WireClient { Caller = caller, Session = _victim.Session };
        await AssertUnknownAndFreeAsync(thief);
        Assert.Equal("mine", await _victim.TextAsync(A, 90, "echo", """{"text":"mine"}"""));
    }

    [Fact]
    public async Task The_session_of_nobody_in_particular_is_not_that_of_somebody()
    {
        using var anonymous = new WireClient();
        await anonymous.InitializeAsync(A);
        await LearnSecretAsync(B);
        using var thief = new WireClient { Caller = Attacker, Session = anonymous.Session };
        await AssertUnknownAndFreeAsync(thief);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_session_that_was_ended_stays_ended(int instance)
    {
        Assert.Equal("x", await _victim.TextAsync(B, 1, "echo", """{"text":"x"}"""));
        await _victim.DeleteAsync(A);
        Assert.Equal(HttpStatusCode.NotFound, (await _victim.CallAsync(_fleet.Urls[instance], 2, "echo")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _victim.GetAsync(_fleet.Urls[instance])).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _victim.DeleteAsync(_fleet.Urls[instance])).StatusCode);
    }

    [Fact]
    public async Task A_session_that_has_expired_is_unknown_and_leaves_the_memory()
    {
        var storeTime = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var fleet = await Fleet.StartAsync(2, new MemoryStateStore(storeTime), Cancellation, ("RemoteMcp:Sessions:TouchInterval", "00:00:00"), ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"));
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        storeTime.Advance(TimeSpan.FromHours(25));
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync(fleet.Urls[1], 1, "echo")).StatusCode);
        // In memory it is found out by the first use that is recorded.
        using var last = await client.CallAsync(fleet.Urls[0], 2, "echo", """{"text":"x"}""");
        await Eventually.IsTrueAsync(() => !fleet.Service<LiveSessions>(0).TryGet(Inner(client.Session!), out _));
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync(fleet.Urls[0], 3, "echo")).StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_replayed_initialize_changes_nothing(int instance)
    {
        using var again = await _victim.PostAsync(_fleet.Urls[instance], Initialize("{}"));
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        using var call = await _victim.CallAsync(B, 1, "ask", """{"question":"?"}""");
        Assert.Equal("elicitation/create", (await PromptAsync(call))["method"]!.GetValue<string>());
    }

    [Fact]
    public async Task Events_of_another_session_are_not_replayed()
    {
        using var call = await _victim.CallAsync(A, 1, "echo", """{"text":"the victim's secret"}""");
        var stolen = await ReadAsync(call).Where(static each => each.Id is not null).Select(static each => each.Id!).ToListAsync(Cancellation);
        Assert.NotEmpty(stolen);
        foreach (var url in _fleet.Urls)
        {
            foreach (var id in stolen)
            {
                using var resumed = await _attacker.GetAsync(url, id);
                var text = await resumed.Content.ReadAsStringAsync(Cancellation);
                Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
                Assert.DoesNotContain("\"result\"", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Events_of_another_sessions_stream_are_not_replayed()
    {
        using var stream = await _victim.GetAsync(A);
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        await events.MoveNextAsync();
        var first = events.Current.Id!;
        await RaiseAsync(_victim, "the victim's secret");
        await events.MoveNextAsync();

        using var resumed = await _attacker.GetAsync(B, first);
        await using var stolen = ReadAsync(resumed).GetAsyncEnumerator(Cancellation);
        await stolen.MoveNextAsync();
        await RaiseAsync(_attacker, "its own");
        await stolen.MoveNextAsync();
        Assert.Equal("its own", stolen.Current.Message?["params"]?["data"]?.GetValue<string>());
    }

    [Fact]
    public async Task What_waits_for_a_stream_is_not_read_by_another_name()
    {
        using (var stream = await _victim.GetAsync(A))
        {
            await ReadAsync(stream).FirstAsync(Cancellation);
        }

        await Eventually.IsTrueAsync(() => !_fleet.Service<RemoteMcp.Sessions.Streams.GetStreams>(0).IsOpen(Inner(_victim.Session!)));
        await RaiseAsync(_victim, "waits");
        foreach (var name in new[] { "waiting", "Waiting" })
        {
            using var resumed = await _victim.GetAsync(A, $"{name}_0_0_{_fleet.Service<FleetMembership>(1).Id}_n1");
            Assert.True((int)resumed.StatusCode is 200 or 400);
            Assert.DoesNotContain("waits", await resumed.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    public static TheoryData<string> BadEventIds =>
    [
        " x", "x", "_", "____", "_____", "get", "get_", "get_1_1", "get_1_1__x", "get_-1_1__", "get_1_-1__", "get_1_1_0123456789abcdef_n1", "get_99999999999999999999_1__",
        "p1_0_1__n1", "p1_0_1_x_n1", "p1_0_1_0123456789ABCDEF_n1", "p1_0_1_0123456789abcdef_x1", "p1_0_1_0123456789abcdef_n", "p1_0_1_0123456789abcdef_s1",
        "p1_0_1_0123456789abcdef_sZZ", "P1_0_1_0123456789abcdef_n1", "p|1_0_1_0123456789abcdef_n1", "../x_0_1_0123456789abcdef_n1", "p1_0x1_1_0123456789abcdef_n1",
        "p1_0_1_../../../../../.._n1", "p1_0_1_0123456789abcde/_n1", "'_0_1_0123456789abcdef_n1", "p1_0_1.5_0123456789abcdef_n1", "p1_1e3_1_0123456789abcdef_n1",
        "p1_0_1_0123456789abcdef_n1_n1", "{0}", "%00", "null", "-1", "0123456789abcdef.00000000.1",
    ];

    [Theory]
    [MemberData(nameof(BadEventIds))]
    public async Task A_Last_Event_ID_that_is_none_is_refused(string id)
    {
        foreach (var url in _fleet.Urls)
        {
            using var resumed = await _attacker.GetAsync(url, id);
            Assert.Equal(HttpStatusCode.BadRequest, resumed.StatusCode);
        }
    }

    public static TheoryData<string> ForgedEventIds =>
    [
        "p1_0_0_0123456789abcdef_n1", "p1_0_0_{A}_n1", "p1_0_0_{B}_n1", "p1_0_9223372036854775807_{A}_n1", "p1_9223372036854775807_0_{B}_n1",
        "p1x{A}_0_0_{A}_s61", "p1x{A}_0_0_{A}_", "p1_0_0_{A}_n-9223372036854775808", "p1_0_0_{A}_sfffe", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz_0_0_{A}_n1",
    ];

    [Theory]
    [MemberData(nameof(ForgedEventIds))]
    public async Task A_forged_event_id_ends_with_an_error_and_gives_nothing(string pattern)
    {
        var id = pattern.Replace("{A}", _fleet.Service<FleetMembership>(0).Id).Replace("{B}", _fleet.Service<FleetMembership>(1).Id);
        foreach (var url in _fleet.Urls)
        {
            using var resumed = await _attacker.GetAsync(url, id);
            Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
            var text = await resumed.Content.ReadAsStringAsync(Cancellation);
            Assert.DoesNotContain("\"result\"", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_client_that_claims_events_of_a_running_call_that_were_never_sent_does_not_wait_for_good(int instance)
    {
        using var call = await _attacker.CallAsync(A, 1, "count", """{"n":3,"pauseMs":50}""");
        var id = (await ReadAsync(call).FirstAsync(static each => each.Id is not null, Cancellation)).Id!;
        var parts = id.Split('_');
        parts[2] = "99999";
        using var resumed = await _attacker.GetAsync(_fleet.Urls[instance], string.Join('_', parts));
        Assert.DoesNotContain("\"result\"", await resumed.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    public static TheoryData<string> ForgedAnswerIds =>
    [
        "1", "2", "-1", "9223372036854775807", "\"1\"", "\"\"", "\".\"", "\"..1\"", "\"{A}\"", "\"{A}.\"", "\"{A}.1\"", "\"{A}.00000000.1\"", "\"{B}.00000000.1\"", "\"0123456789abcdef.00000000.1\"",
        "\"../../Instances.0.1\"", "\"{A}/x.{nonce}.1\"", "\"{A}.{nonce}.\"", "\"{A}.{nonce}.1x\"", "\"{A}.{nonce}.-1\"", "\"{A}.{nonce}.99999999999999999999\"",
        "\"{B}.{nonce}.1\"", "\"{long}\"", "\"{A}.{long}.1\"", "\"ABCDEF0123456789.0.1\"", "\"{A}.{nonce}.1\\u0000\"",
    ];

    [Theory]
    [MemberData(nameof(ForgedAnswerIds))]
    public async Task An_answer_with_a_forged_id_reaches_no_call(string pattern)
    {
        using var call = await _victim.CallAsync(A, 1, "ask", """{"question":"?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var prompt = await PromptAsync(events);
        var id = pattern.Replace("{A}", _fleet.Service<FleetMembership>(0).Id).Replace("{B}", _fleet.Service<FleetMembership>(1).Id)
            .Replace("{nonce}", prompt["id"]!.GetValue<string>().Split('.')[1]).Replace("{long}", new string('a', 4000));
        foreach (var client in new[] { _victim, _attacker })
        {
            foreach (var url in _fleet.Urls)
            {
                using var forged = await AnswerPromptAsync(client, url, id, "forged");
                // What names no instance is dropped, as any answer that nobody asked for.
                Assert.Contains(forged.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.BadRequest });
            }
        }

        using var real = await AnswerPromptAsync(_victim, B, prompt["id"]!.ToJsonString(), "real");
        Assert.Equal(HttpStatusCode.Accepted, real.StatusCode);
        Assert.Equal("? -> real", await TextOfAnswerAsync(events));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_prompt_of_another_session_cannot_be_answered(int instance)
    {
        using var second = new WireClient { Caller = Victim };
        await second.InitializeAsync(A);
        using var call = await _victim.CallAsync(A, 1, "ask", """{"question":"?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var id = (await PromptAsync(events))["id"]!.ToJsonString();
        foreach (var client in new[] { _attacker, second })
        {
            using var forged = await AnswerPromptAsync(client, _fleet.Urls[instance], id, "forged");
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        }

        using var real = await AnswerPromptAsync(_victim, _fleet.Urls[instance], id, "real");
        Assert.Equal(HttpStatusCode.Accepted, real.StatusCode);
        Assert.Equal("? -> real", await TextOfAnswerAsync(events));
    }

    [Fact]
    public async Task A_prompt_is_answered_once()
    {
        using var call = await _victim.CallAsync(A, 1, "ask", """{"question":"?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var id = (await PromptAsync(events))["id"]!.ToJsonString();
        using var first = await AnswerPromptAsync(_victim, B, id, "first");
        using var second = await AnswerPromptAsync(_victim, A, id, "second");
        Assert.True((int)second.StatusCode < 500);
        Assert.Equal("? -> first", await TextOfAnswerAsync(events));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_call_of_another_session_cannot_be_cancelled(int instance)
    {
        using var call = await _victim.CallAsync(A, 1, "ask", """{"question":"?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var id = (await PromptAsync(events))["id"]!.ToJsonString();
        foreach (var named in new[] { "1", "\"1\"", id })
        {
            using var cancelled = await _attacker.PostAsync(_fleet.Urls[instance], $$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{named}} } }""");
            Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        }

        using var real = await AnswerPromptAsync(_victim, A, id, "alive");
        Assert.Equal("? -> alive", await TextOfAnswerAsync(events));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_session_of_another_caller_is_not_ended(int instance)
    {
        using var thief = new WireClient { Caller = Attacker, Session = _victim.Session };
        Assert.Equal(HttpStatusCode.NotFound, (await thief.DeleteAsync(_fleet.Urls[instance])).StatusCode);
        Assert.Equal("alive", await _victim.TextAsync(A, 1, "echo", """{"text":"alive"}"""));
    }

    [Fact]
    public async Task The_stream_of_another_caller_is_neither_read_nor_ended()
    {
        using var stream = await _victim.GetAsync(A);
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        await events.MoveNextAsync();
        using var thief = new WireClient { Caller = Attacker, Session = _victim.Session };
        foreach (var url in _fleet.Urls)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await thief.GetAsync(url)).StatusCode);
        }

        await RaiseAsync(_victim, "still mine");
        await events.MoveNextAsync();
        Assert.Equal("still mine", events.Current.Message?["params"]?["data"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_flood_of_initialize_is_429_and_writes_nothing()
    {
        using var flood = new WireClient { Caller = "tenant/flood/app" };
        var accepted = 0;
        for (var i = 0; i < 20; i++)
        {
            using var begun = await flood.PostAsync(A, Initialize("{}"));
            accepted += begun.IsSuccessStatusCode ? 1 : 0;
        }

        Assert.Equal(20, accepted);
        var before = _store.Requests.Count(static request => request == "INSERT Sessions");
        var refused = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => flood.PostAsync(A, Initialize("{}"))));
        Assert.All(refused, static response =>
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.False(response.Headers.Contains("Mcp-Session-Id"));
        });
        Assert.Equal(before, _store.Requests.Count(static request => request == "INSERT Sessions"));
        Assert.Equal("x", await _victim.TextAsync(A, 1, "echo", """{"text":"x"}"""));
        using var other = new WireClient { Caller = "tenant/other/app" };
        await other.InitializeAsync(A);
    }

    [Theory]
    [InlineData(33 * 1024)]
    [InlineData(500 * 1024)]
    public async Task Initialize_with_much_to_remember_is_refused_and_writes_nothing(int size)
    {
        var before = _store.Requests.Count(static request => request == "INSERT Sessions");
        using var client = new WireClient { Caller = "tenant/large/app" };
        using var refused = await client.PostAsync(A, Initialize($$"""{"experimental":{"x":{"y":"{{new string('y', size)}}"} } }"""));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("32768", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(before, _store.Requests.Count(static request => request == "INSERT Sessions"));
    }

    [Fact]
    public async Task More_than_100_subscriptions_are_refused_and_the_others_stay()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Null((await SubscribeAsync(i, $"file:///{i}"))["error"]);
        }

        Assert.Equal(-32602, (await SubscribeAsync(100, "file:///100"))["error"]!["code"]!.GetValue<int>());
        Assert.Null((await SubscribeAsync(101, "file:///1"))["error"]);
        var record = await _fleet.Service<SessionStore>(1).FindAsync(Inner(_attacker.Session!), Cancellation);
        Assert.Equal(100, record!.Subscriptions!.Length);
    }

    [Fact]
    public async Task A_subscription_to_an_endless_uri_is_refused()
    {
        Assert.Equal(-32602, (await SubscribeAsync(1, "file:///" + new string('a', 3000)))["error"]!["code"]!.GetValue<int>());
    }

    private static string Initialize(string capabilities) =>
        $$"""{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{{capabilities}},"clientInfo":{"name":"wire","version":"1"} } }""";

    private static string Inner(string signed) => signed[..signed.LastIndexOf('.')];

    private async Task AssertUnknownAndFreeAsync(WireClient client)
    {
        var before = Costs();
        foreach (var url in _fleet.Urls)
        {
            using var post = await client.CallAsync(url, 1, "echo", """{"text":"x"}""");
            using var get = await client.GetAsync(url);
            using var resume = await client.GetAsync(url, "get_1_1__");
            using var delete = await client.DeleteAsync(url);
            foreach (var response in new[] { post, get, resume, delete })
            {
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
                Assert.False(response.Headers.Contains("Mcp-Session-Id"));
                Assert.Contains("-32001", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            }
        }

        Assert.Equal(before, Costs());
    }

    // The lease, the looks into the inbox and what the setup's responses leave to be written go on beside.
    private int Costs() => _store.Requests.Count(static request => request is not ("QUERY Inbox" or "REPLACE Instances" or "INSERT Instances" or "COMMIT Events"));

    private static async Task LearnSecretAsync(Uri url)
    {
        using var other = new WireClient { Session = "made.up" };
        Assert.Equal(HttpStatusCode.NotFound, (await other.CallAsync(url, 1, "echo")).StatusCode);
    }

    private async Task RaiseAsync(WireClient client, string data)
    {
        Assert.True(_fleet.Service<LiveSessions>(0).TryGet(Inner(client.Session!), out var session));
        await session.Server.SendMessageAsync(new JsonRpcNotification { Method = "notifications/message", Params = new JsonObject { ["level"] = "info", ["data"] = data } }, Cancellation);
    }

    private async Task<JsonNode> SubscribeAsync(int id, string uri)
    {
        using var response = await _attacker.PostAsync(A, $$"""{"jsonrpc":"2.0","id":{{id}},"method":"resources/subscribe","params":{"uri":"{{uri}}"} }""");
        return await AnswerAsync(response, id);
    }

    private static Task<HttpResponseMessage> AnswerPromptAsync(WireClient client, Uri url, string id, string answer) =>
        client.PostAsync(url, $$"""{"jsonrpc":"2.0","id":{{id}},"result":{"action":"accept","content":{"answer":"{{answer}}"} } }""");

    private static Task<JsonNode> PromptAsync(HttpResponseMessage call) => PromptAsync(ReadAsync(call).GetAsyncEnumerator(Cancellation));

    private static async Task<JsonNode> PromptAsync(IAsyncEnumerator<(string? Id, JsonNode? Message)> events)
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

    private static async Task<string> TextOfAnswerAsync(IAsyncEnumerator<(string? Id, JsonNode? Message)> events)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Message is { } message && message["method"] is null)
            {
                return Text(message);
            }
        }

        throw new InvalidOperationException("The stream ended without the answer.");
    }
}
