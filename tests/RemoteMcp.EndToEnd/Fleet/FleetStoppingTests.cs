using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>
/// Tests what happens to the clients of an instance that is stopped with SIGTERM, as in every deployment and scale-in. The instance
/// completes the requests that it can complete. Other instances continue the rest. No client waits for the stopped instance.
/// </summary>
public sealed class FleetStoppingTests(FleetStoppingTests.LongLeaseFleet fixture)
    : IClassFixture<FleetStoppingTests.LongLeaseFleet>, IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private FleetFixture _fleet = null!;
    private FleetClient _client = null!;
    private int _stopping;
    private int _other;
    private int _third;

    public async ValueTask InitializeAsync()
    {
        _limit.CancelAfter(s_limit);
        _fleet = await fixture.GetAsync();
        (_other, _third) = (_fleet.Instances[0], _fleet.Instances[1]);
        _stopping = await _fleet.AddAsync(_limit.Token);
        _client = new FleetClient(_fleet.Endpoint, _limit.Token);
        await _client.InitializeAsync(_stopping);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Calls_within_the_grace_time_are_answered_on_their_streams_and_when_resumed()
    {
        using var call = await _client.CallAsync(_stopping, 1, "count", """{"ticket":"held","n":4,"pauseMs":200}""");
        await using var events = Open(call);
        string last;
        using (var cut = await _client.CallAsync(_stopping, 2, "count", """{"ticket":"cut","n":8,"pauseMs":200}"""))
        {
            await using var cutEvents = Open(cut);
            last = (await cutEvents.NextAsync("notifications/progress")).Id!;
        }

        var ended = _fleet.TerminateAsync(_stopping, _limit.Token);

        Assert.Equal("counted held", FleetClient.Text(await events.NextAnswerAsync(1)));
        Assert.Equal(0, await ended);
        using var resumed = await _client.GetAsync(_other, last);
        var rest = await _client.ReadAsync(resumed).ToListAsync(_limit.Token);
        Assert.Equal([2, 3, 4, 5, 6, 7, 8], rest.SkipLast(1).Select(static each => (int)each.Message!["params"]!["progress"]!));
        Assert.Equal("counted cut", FleetClient.Text(rest[^1].Message!));
    }

    [Fact]
    public async Task Call_beyond_the_grace_time_ends_with_an_error_on_its_stream_and_when_resumed()
    {
        using var call = await _client.CallAsync(_stopping, 1, "count", """{"ticket":"x","n":100,"pauseMs":500}""");
        await using var events = Open(call);
        var last = (await events.NextAsync("notifications/progress")).Id!;

        Assert.Equal(0, await _fleet.TerminateAsync(_stopping, _limit.Token));

        AssertUnknown(await events.NextAnswerAsync(1));
        using var resumed = await _client.GetAsync(_other, last);
        AssertUnknown(await _client.AnswerAsync(resumed, 1));
        Assert.Equal("alive", await _client.TextAsync(_other, 2, "echo", """{"text":"alive"}"""));
    }

    [Fact]
    public async Task Stream_of_a_stopping_instance_continues_on_another_and_misses_nothing()
    {
        using var stream = await _client.GetAsync(_stopping);
        await using var events = Open(stream);
        Assert.True(await events.MoveNextAsync());
        await RaiseAsync(_other, 1, "before");
        var last = (await events.NextAsync("notifications/message")).Id!;

        var ended = _fleet.TerminateAsync(_stopping, _limit.Token);
        Assert.False(await events.MoveNextAsync());
        Assert.Equal(0, await ended);
        await RaiseAsync(_third, 2, "between");
        using var reopened = await _client.GetAsync(_other, last);
        await using var moved = Open(reopened);
        Assert.Equal("between", await NextDataAsync(moved));
        await RaiseAsync(_third, 3, "after");
        Assert.Equal("after", await NextDataAsync(moved));
    }

    [Fact]
    public async Task Prompt_answer_through_another_instance_is_accepted_until_its_own_has_stopped()
    {
        using var call = await _client.CallAsync(_stopping, 1, "test_elicitation", """{"message":"answered?"}""");
        using var never = await _client.CallAsync(_stopping, 2, "test_elicitation", """{"message":"never answered"}""");
        using var stream = await _client.GetAsync(_stopping);
        await using var events = Open(call);
        await using var waiting = Open(stream);
        await using var neverEvents = Open(never);
        var prompt = await events.NextAsync("elicitation/create");
        var abandoned = await neverEvents.NextAsync("elicitation/create");

        var ended = _fleet.TerminateAsync(_stopping, _limit.Token);
        while (await waiting.MoveNextAsync())
        {
            // The end of this stream shows that the instance is stopping.
        }

        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(_other, prompt, "Ada"));
        Assert.Contains("Ada", FleetClient.Text(await events.NextAnswerAsync(1)), StringComparison.Ordinal);

        Assert.Equal(0, await ended);
        // If the instance still had its lease (30 s), the server would wait for a response and then return 503.
        Assert.Equal(HttpStatusCode.BadRequest, await _client.AnswerPromptAsync(_other, abandoned, "nobody"));
    }

    private static void AssertUnknown(JsonNode answer) => Assert.Contains(
        "Check its effect before you send it again.", (string?)answer["error"]!["message"], StringComparison.Ordinal);

    private IAsyncEnumerator<FleetEvent> Open(HttpResponseMessage response) => _client.ReadAsync(response).GetAsyncEnumerator(_limit.Token);

    private Task<string> RaiseAsync(int instance, int id, string data) =>
        _client.TextAsync(instance, id, "raise", $$"""{"data":"{{data}}"}""");

    private static async Task<string?> NextDataAsync(IAsyncEnumerator<FleetEvent> events) =>
        (string?)(await events.NextAsync("notifications/message")).Message!["params"]!["data"];

    /// <summary>
    /// A fleet whose running calls get some seconds to end and whose leases last much longer. Each test stops a different instance.
    /// </summary>
    public sealed class LongLeaseFleet(StartedFleets fleets) : IAsyncDisposable
    {
        private FleetFixture? _fleet;

        internal async Task<FleetFixture> GetAsync() => _fleet ??= await FleetFixture.OfFixturesAsync(
            await fleets.AzuriteAsync(), CancellationToken.None,
            "RemoteMcp:Http:ShutdownGrace=00:00:08", "RemoteMcp:Fleet:Lease=00:00:30", "RemoteMcp:Fleet:DeliveryTimeout=00:00:10");

        public ValueTask DisposeAsync() => _fleet?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
