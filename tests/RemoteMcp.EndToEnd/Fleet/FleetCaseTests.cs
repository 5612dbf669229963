using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>DESIGN's table, case by case: what the SDK alone loses when processes stand behind a round robin.</summary>
[Collection(Alone.Name)]
public sealed class FleetCaseTests(StartedFleets fleets) : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private FleetFixture _fleet = null!;
    private FleetClient _client = null!;
    private int _a;
    private int _b;

    public async ValueTask InitializeAsync()
    {
        _fleet = await fleets.FixturesAsync();
        (_a, _b) = (_fleet.Instances[0], _fleet.Instances[1]);
        _limit.CancelAfter(s_limit);
        _client = new FleetClient(_fleet.Endpoint, _limit.Token);
        await _client.InitializeAsync(_a);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Case_1_the_answer_to_a_prompt_may_arrive_at_another_instance()
    {
        using var call = await _client.CallAsync(_a, 1, "test_elicitation", """{"message":"Name?"}""");
        await using var events = Open(call);
        var prompt = await NextPromptAsync(events);

        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(_b, prompt, "Ada"));

        Assert.Contains("Ada", await AnswerAsync(events, 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_2_prompts_of_two_instances_are_never_crossed()
    {
        using var callA = await _client.CallAsync(_a, 1, "test_elicitation", """{"message":"A?"}""");
        using var callB = await _client.CallAsync(_b, 2, "test_elicitation", """{"message":"B?"}""");
        await using var eventsA = Open(callA);
        await using var eventsB = Open(callB);
        var promptA = await NextPromptAsync(eventsA);
        var promptB = await NextPromptAsync(eventsB);
        Assert.NotEqual(promptA.Message!["id"]!.ToJsonString(), promptB.Message!["id"]!.ToJsonString());

        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(_a, promptB, "for B"));
        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(_b, promptA, "for A"));

        Assert.Contains("for A", await AnswerAsync(eventsA, 1), StringComparison.Ordinal);
        Assert.Contains("for B", await AnswerAsync(eventsB, 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_3_a_call_is_cancelled_from_another_instance()
    {
        var ticket = Guid.NewGuid().ToString("N");
        using var call = await _client.CallAsync(_a, 1, "wait_until_cancelled", $$"""{"ticket":"{{ticket}}"}""");
        await using var events = Open(call);
        await NextAsync(events, static each => each.Method == "notifications/progress");

        using var accepted = await _client.PostAsync(_b, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal("cancelled", await _client.TextAsync(_b, 2, "was_cancelled", $$"""{"ticket":"{{ticket}}"}"""));
    }

    [Fact]
    public async Task Case_4_a_notification_of_one_instance_reaches_the_stream_of_another()
    {
        using var stream = await _client.GetAsync(_a);
        await using var events = Open(stream);
        Assert.True(await events.MoveNextAsync());

        await RaiseAsync(_b, 1, "one");
        await RaiseAsync(_a, 2, "two");

        Assert.Equal(["one", "two"], await TakeAsync(events, 2));
    }

    [Fact]
    public async Task Case_5_the_newest_stream_claims_the_session_and_replay_is_in_order()
    {
        using var first = await _client.GetAsync(_a);
        await using var onA = Open(first);
        Assert.True(await onA.MoveNextAsync());
        await RaiseAsync(_a, 1, "1");
        await RaiseAsync(_a, 2, "2");
        Assert.True(await onA.MoveNextAsync());
        var last = onA.Current.Id!;
        Assert.Equal(["2"], await TakeAsync(onA, 1));

        using var second = await _client.GetAsync(_b, last);
        await using var onB = Open(second);
        await RaiseAsync(_a, 3, "3");

        Assert.Equal(["2", "3"], await TakeAsync(onB, 2));
        Assert.False(await onA.MoveNextAsync());
    }

    [Fact]
    public async Task Case_5_a_dropped_stream_is_reopened_on_the_same_instance_and_misses_nothing()
    {
        string last;
        using (var first = await _client.GetAsync(_a))
        {
            await using var events = Open(first);
            Assert.True(await events.MoveNextAsync());
            last = events.Current.Id!;
        }

        using var second = await _client.GetAsync(_a, last);
        await RaiseAsync(_b, 1, "after the drop");

        await using var reopened = Open(second);
        Assert.Equal(["after the drop"], await TakeAsync(reopened, 1));
    }

    [Fact]
    public async Task Case_6_a_log_level_set_on_one_instance_is_known_on_the_other()
    {
        await _client.TextAsync(_b, 1, "echo", """{"text":"in memory on B"}""");

        await AskAsync(_a, 2, "logging/setLevel", """{"level":"warning"}""");

        Assert.Equal("Warning", await _client.TextAsync(_b, 3, "log_level"));
        Assert.Equal("Warning", await _client.TextAsync(_fleet.Instances[2], 4, "log_level"));
    }

    [Fact]
    public async Task Case_6_a_subscription_made_on_one_instance_is_ended_on_another()
    {
        await AskAsync(_a, 1, "resources/subscribe", """{"uri":"test://watched-resource"}""");
        Assert.Contains("test://watched-resource", await _client.TextAsync(_b, 2, "subscriptions"), StringComparison.Ordinal);

        await AskAsync(_b, 3, "resources/unsubscribe", """{"uri":"test://watched-resource"}""");
        Assert.DoesNotContain("test://watched-resource", await _client.TextAsync(_a, 4, "subscriptions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_7_a_deleted_session_is_gone_on_every_instance()
    {
        await _client.TextAsync(_b, 1, "echo", """{"text":"in memory on B"}""");

        using var deleted = await _client.DeleteAsync(_a);
        Assert.True(deleted.IsSuccessStatusCode, $"{deleted.StatusCode}");

        foreach (var instance in _fleet.Instances)
        {
            using var call = await _client.CallAsync(instance, 2, "echo", """{"text":"x"}""");
            Assert.Equal(HttpStatusCode.NotFound, call.StatusCode);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Case_8_a_cut_response_is_resumed_on_any_instance(int resumedOn)
    {
        string last;
        using (var call = await _client.CallAsync(_a, 1, "count", """{"ticket":"x","n":8,"pauseMs":250}"""))
        {
            await using var events = Open(call);
            last = (await NextAsync(events, static each => each.Method == "notifications/progress")).Id!;
        }

        using var resumed = await _client.GetAsync(_fleet.Instances[resumedOn], last);
        Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        var rest = await _client.ReadAsync(resumed).ToListAsync(_limit.Token);

        Assert.Equal([2, 3, 4, 5, 6, 7, 8], rest.Where(static each => each.Method is not null).Select(static each => (int)each.Message!["params"]!["progress"]!));
        Assert.Equal("counted x", FleetClient.Text(rest[^1].Message!));
    }

    [Fact]
    public async Task Case_9_a_stream_resumed_after_its_instance_was_killed_ends_with_an_error_within_ten_seconds()
    {
        await using var fleet = await FleetFixture.OfFixturesAsync(await fleets.AzuriteAsync(), _limit.Token);
        using var client = new FleetClient(fleet.Endpoint, _limit.Token);
        var (victim, other) = (fleet.Instances[0], fleet.Instances[1]);
        await client.InitializeAsync(victim);
        using var call = await client.CallAsync(victim, 1, "count", """{"ticket":"x","n":100,"pauseMs":500}""");
        await using var events = client.ReadAsync(call).GetAsyncEnumerator(_limit.Token);
        var last = (await NextAsync(events, static each => each.Method == "notifications/progress")).Id!;

        var killed = Stopwatch.StartNew();
        await fleet.KillAsync(victim);
        using var resumed = await client.GetAsync(other, last);
        var answer = await client.AnswerAsync(resumed, 1);

        Assert.Contains("call again", (string?)answer["error"]!["message"], StringComparison.Ordinal);
        Assert.True(killed.Elapsed < TimeSpan.FromSeconds(10), $"It took {killed.Elapsed}.");
        Assert.Equal("alive", await client.TextAsync(other, 2, "echo", """{"text":"alive"}"""));
    }

    [Fact]
    public async Task Case_10_messages_of_HTTP_SSE_find_the_instance_of_their_stream()
    {
        using var client = new FleetClient(_fleet.SseEndpoint, _limit.Token);
        using var stream = await client.GetAsync(_a);
        await using var body = await stream.Content.ReadAsStreamAsync(_limit.Token);
        await using var events = System.Net.ServerSentEvents.SseParser.Create(body).EnumerateAsync(_limit.Token).GetAsyncEnumerator(_limit.Token);
        Assert.True(await events.MoveNextAsync());
        using var messages = new FleetClient(new Uri(_fleet.Address, events.Current.Data), _limit.Token);

        foreach (var (instance, id) in (IEnumerable<(int?, int)>)[(_b, 1), (_fleet.Instances[2], 2), (_a, 3), (null, 4)])
        {
            using var accepted = await messages.PostAsync(instance, id == 1
                ? """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"sse","version":"1"} } }"""
                : $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"echo","arguments":{"text":"{{{id}}}"} } }""");
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(id, (int)JsonNode.Parse(events.Current.Data)!["id"]!);
        }
    }

    [Fact]
    public async Task Case_11_an_altered_or_foreign_session_id_is_not_found_and_harms_nothing()
    {
        var own = _client.Session!;
        await using var foreign = await FleetFixture.OfFixturesAsync(await fleets.AzuriteAsync(), _limit.Token);
        using var stranger = new FleetClient(foreign.Endpoint, _limit.Token);
        await stranger.InitializeAsync();
        var dot = own.LastIndexOf('.');
        string[] bad = [(own[0] == 'x' ? 'y' : 'x') + own[1..], own[..dot], own[..(dot + 1)] + new string('A', own.Length - dot - 1), own + "A", stranger.Session!, "x"];

        foreach (var (id, instance) in bad.SelectMany(id => _fleet.Instances.Select(instance => (id, instance))))
        {
            _client.Session = id;
            using var call = await _client.CallAsync(instance, 1, "echo", """{"text":"x"}""");
            using var stream = await _client.GetAsync(instance);
            using var deleted = await _client.DeleteAsync(instance);
            Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [call.StatusCode, stream.StatusCode, deleted.StatusCode]);
        }

        _client.Session = own;
        Assert.Equal("mine", await _client.TextAsync(_b, 2, "echo", """{"text":"mine"}"""));
    }

    private IAsyncEnumerator<FleetEvent> Open(HttpResponseMessage response) => _client.ReadAsync(response).GetAsyncEnumerator(_limit.Token);

    private Task<string> RaiseAsync(int instance, int id, string data) => _client.TextAsync(instance, id, "raise", $$"""{"data":"{{data}}"}""");

    private async Task AskAsync(int instance, int id, string method, string parameters)
    {
        using var response = await _client.PostAsync(instance, $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"{{{method}}}","params":{{{parameters}}} }""");
        Assert.NotNull((await _client.AnswerAsync(response, id))["result"]);
    }

    private static Task<FleetEvent> NextPromptAsync(IAsyncEnumerator<FleetEvent> events) => NextAsync(events, static each => each.Method == "elicitation/create");

    private static async Task<string> AnswerAsync(IAsyncEnumerator<FleetEvent> events, int id) =>
        FleetClient.Text((await NextAsync(events, each => each.IsAnswerTo(id))).Message!);

    private static async Task<FleetEvent> NextAsync(IAsyncEnumerator<FleetEvent> events, Func<FleetEvent, bool> wanted)
    {
        while (await events.MoveNextAsync())
        {
            if (wanted(events.Current))
            {
                return events.Current;
            }
        }

        throw new InvalidOperationException("The stream ended before what was awaited came.");
    }

    private static async Task<List<string>> TakeAsync(IAsyncEnumerator<FleetEvent> events, int count)
    {
        var taken = new List<string>();
        while (taken.Count < count && await events.MoveNextAsync())
        {
            if ((string?)events.Current.Message?["params"]?["data"] is { } data)
            {
                taken.Add(data);
            }
        }

        return taken;
    }
}
