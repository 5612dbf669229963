using System.Net;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using RemoteMcp.Sessions;
using RemoteMcp.Sessions.Streams;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>
/// Tests requests that the SDK does not support if a load balancer distributes them over two instances. The number of a case is the
/// same in the end-to-end tests.
/// </summary>
public sealed class FleetTests : IAsyncLifetime
{
    private readonly WireClient _client = new();
    private InProcessFleet _fleet = null!;

    private Uri A => _fleet.Urls[0];

    private Uri B => _fleet.Urls[1];

    public async ValueTask InitializeAsync()
    {
        _fleet = await InProcessFleet.StartAsync(2, Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"), ("RemoteMcp:Sessions:EventFlush", "00:00:00.1"),
            ("RemoteMcp:Fleet:DeliveryTimeout", "00:00:30"), ("RemoteMcp:Fleet:PollIdle", "00:00:00.05"));
        await _client.InitializeAsync(A);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task A_session_that_begins_on_one_instance_continues_on_another()
    {
        Assert.Equal("hello", await _client.TextAsync(B, 1, "echo", """{"text":"hello"}"""));
        Assert.Equal("again", await _client.TextAsync(A, 2, "echo", """{"text":"again"}"""));
    }

    [Fact]
    public async Task Case_1_the_answer_to_a_prompt_may_arrive_at_another_instance()
    {
        using var call = await _client.CallAsync(A, 1, "ask", """{"question":"Name?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var prompt = await NextRequestAsync(events);
        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(B, prompt, "Ada"));
        Assert.Equal("Name? -> Ada", await TextOfAnswerAsync(events, 1));
    }

    [Fact]
    public async Task Case_2_prompts_of_two_instances_are_never_crossed()
    {
        using var callA = await _client.CallAsync(A, 1, "ask", """{"question":"A?"}""");
        using var callB = await _client.CallAsync(B, 2, "ask", """{"question":"B?"}""");
        var eventsA = ReadAsync(callA).GetAsyncEnumerator(Cancellation);
        var eventsB = ReadAsync(callB).GetAsyncEnumerator(Cancellation);
        var promptA = await NextRequestAsync(eventsA);
        var promptB = await NextRequestAsync(eventsB);
        Assert.NotEqual(promptA["id"]!.ToJsonString(), promptB["id"]!.ToJsonString());
        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(A, promptB, "for B"));
        Assert.Equal(HttpStatusCode.Accepted, await _client.AnswerPromptAsync(B, promptA, "for A"));
        Assert.Equal("A? -> for A", await TextOfAnswerAsync(eventsA, 1));
        Assert.Equal("B? -> for B", await TextOfAnswerAsync(eventsB, 2));
    }

    [Fact]
    public async Task Case_3_a_call_is_cancelled_from_another_instance()
    {
        using var call = await _client.CallAsync(A, 1, "wait");
        await ReadAsync(call).FirstAsync(static e => e.Message?["method"]?.GetValue<string>() == "notifications/progress", Cancellation);
        var cancel = await _client.PostAsync(B, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        Assert.Equal(HttpStatusCode.Accepted, cancel.StatusCode);
        await Eventually.IsTrueAsync(() => !_fleet.Service<RunningCalls>(0).Contains(_client.InternalSessionId, new RequestId(1)));
    }

    [Fact]
    public async Task Case_4_a_notification_of_one_instance_reaches_the_stream_of_another()
    {
        await _client.TextAsync(B, 1, "echo", """{"text":"known on B"}""");
        using var stream = await _client.GetAsync(A);
        var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        await RaiseAsync(1, "one");
        await RaiseAsync(0, "two");
        Assert.Equal(["one", "two"], await TakeAsync(events, 2));
    }

    [Fact]
    public async Task Case_5_the_newest_stream_claims_the_session_and_replay_is_in_order()
    {
        using var first = await _client.GetAsync(A);
        var onA = ReadAsync(first).GetAsyncEnumerator(Cancellation);
        Assert.True(await onA.MoveNextAsync());
        await RaiseAsync(0, "1");
        await RaiseAsync(0, "2");
        Assert.True(await onA.MoveNextAsync());
        var last = onA.Current.Id!;
        await TakeAsync(onA, 1);

        using var second = await _client.GetAsync(B, last);
        var onB = ReadAsync(second).GetAsyncEnumerator(Cancellation);
        Assert.Equal(["2"], await TakeAsync(onB, 1));
        await RaiseAsync(0, "3");
        Assert.Equal(["3"], await TakeAsync(onB, 1));
        Assert.False(await onA.MoveNextAsync());
    }

    [Fact]
    public async Task Case_5_a_dropped_stream_is_reopened_on_the_same_instance_and_misses_nothing()
    {
        string last;
        using (var first = await _client.GetAsync(A))
        {
            var events = ReadAsync(first).GetAsyncEnumerator(Cancellation);
            Assert.True(await events.MoveNextAsync());
            last = events.Current.Id!;
        }

        await Eventually.IsTrueAsync(() => !_fleet.Service<GetStreams>(0).IsOpen(_client.InternalSessionId));
        await RaiseAsync(0, "while away");
        using var second = await _client.GetAsync(A, last);
        Assert.Equal(["while away"], await TakeAsync(ReadAsync(second).GetAsyncEnumerator(Cancellation), 1));
    }

    [Fact]
    public async Task Case_6_a_log_level_set_on_one_instance_is_known_on_the_other()
    {
        await _client.TextAsync(B, 1, "echo", """{"text":"in memory on B"}""");
        using var set = await _client.PostAsync(A, """{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"warning"}}""");
        await AnswerAsync(set, 2);
        Assert.Equal("Warning", await _client.TextAsync(B, 3, "level"));
    }

    [Fact]
    public async Task Case_6_a_log_level_is_restored_on_an_instance_without_the_session()
    {
        using var set = await _client.PostAsync(A, """{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"error"}}""");
        await AnswerAsync(set, 2);
        Assert.Equal("Error", await _client.TextAsync(B, 3, "level"));
    }

    [Fact]
    public async Task Case_7_a_deleted_session_is_gone_everywhere()
    {
        await _client.TextAsync(B, 1, "echo", """{"text":"in memory on B"}""");
        Assert.Equal(HttpStatusCode.OK, (await _client.DeleteAsync(A)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.CallAsync(A, 2, "echo", """{"text":"x"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.CallAsync(B, 3, "echo", """{"text":"x"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.DeleteAsync(B)).StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Case_8_a_cut_response_is_resumed_on_any_instance(int instance)
    {
        string last;
        using (var call = await _client.CallAsync(A, 1, "count", """{"n":8,"pauseMs":100}"""))
        {
            var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
            await events.MoveNextAsync();
            await events.MoveNextAsync();
            last = events.Current.Id!;
        }

        using var resumed = await _client.GetAsync(_fleet.Urls[instance], last);
        Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        var progress = new List<double>();
        await foreach (var (_, message) in ReadAsync(resumed))
        {
            if (message?["params"]?["progress"]?.GetValue<double>() is { } value)
            {
                progress.Add(value);
            }
            else if (message?["id"] is not null)
            {
                Assert.Equal("counted 8", Text(message));
            }
        }

        Assert.Equal([2, 3, 4, 5, 6, 7, 8], progress);
    }

    [Fact]
    public async Task Case_9_a_resumed_stream_ends_with_an_error_when_the_instance_is_gone()
    {
        string last;
        using (var call = await _client.CallAsync(A, 1, "wait"))
        {
            last = (await ReadAsync(call).FirstAsync(static e => e.Id is not null, Cancellation)).Id!;
        }

        await _fleet.StopAsync(0, Cancellation);
        using var resumed = await _client.GetAsync(B, last);
        var answer = await AnswerAsync(resumed, 1);
        Assert.NotNull(answer["error"]);
    }

    private async Task RaiseAsync(int instance, string data)
    {
        Assert.True(_fleet.Service<LiveSessions>(instance).TryGet(_client.InternalSessionId, out var session));
        await session.Server.SendMessageAsync(
            new JsonRpcNotification { Method = "notifications/message", Params = new JsonObject { ["level"] = "info", ["data"] = data } },
            Cancellation);
    }

    private static async Task<List<string>> TakeAsync(IAsyncEnumerator<(string? Id, JsonNode? Message)> events, int count)
    {
        var taken = new List<string>();
        while (taken.Count < count && await events.MoveNextAsync())
        {
            if (events.Current.Message?["params"]?["data"]?.GetValue<string>() is { } data)
            {
                taken.Add(data);
            }
        }

        return taken;
    }
}
