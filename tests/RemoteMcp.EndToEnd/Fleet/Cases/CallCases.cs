using System.Net;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet.Cases;

/// <summary>Tests that the messages of a call reach the call and its client, no matter which instance receives each request.</summary>
public abstract class CallCases(StartedFleets fleets, FleetKind kind) : FleetCase(fleets, kind)
{
    [Fact]
    public async Task Case_1_the_answer_to_a_prompt_may_arrive_at_another_instance()
    {
        using var call = await Client.CallAsync(A, 1, "test_elicitation", """{"message":"Name?"}""");
        await using var events = Open(call);
        var prompt = await events.NextAsync("elicitation/create");

        Assert.Equal(HttpStatusCode.Accepted, await Client.AnswerPromptAsync(B, prompt, "Ada"));

        Assert.Contains("Ada", FleetClient.Text(await events.NextAnswerAsync(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_2_prompts_of_two_instances_are_never_crossed()
    {
        using var callA = await Client.CallAsync(A, 1, "test_elicitation", """{"message":"A?"}""");
        using var callB = await Client.CallAsync(B, 2, "test_elicitation", """{"message":"B?"}""");
        await using var eventsA = Open(callA);
        await using var eventsB = Open(callB);
        var promptA = await eventsA.NextAsync("elicitation/create");
        var promptB = await eventsB.NextAsync("elicitation/create");
        Assert.NotEqual(promptA.Message!["id"]!.ToJsonString(), promptB.Message!["id"]!.ToJsonString());

        Assert.Equal(HttpStatusCode.Accepted, await Client.AnswerPromptAsync(A, promptB, "for B"));
        Assert.Equal(HttpStatusCode.Accepted, await Client.AnswerPromptAsync(B, promptA, "for A"));

        Assert.Contains("for A", FleetClient.Text(await eventsA.NextAnswerAsync(1)), StringComparison.Ordinal);
        Assert.Contains("for B", FleetClient.Text(await eventsB.NextAnswerAsync(2)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Case_3_a_call_is_cancelled_from_another_instance(bool afterItsStreamWasCut)
    {
        var ticket = Guid.NewGuid().ToString("N");
        using var call = await Client.CallAsync(A, 1, "wait_until_cancelled", $$"""{"ticket":"{{ticket}}"}""");
        await using (var events = Open(call))
        {
            await events.NextAsync("notifications/progress");
            if (!afterItsStreamWasCut)
            {
                await CancelAsync(ticket);
            }
        }

        if (afterItsStreamWasCut)
        {
            await CancelAsync(ticket);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Case_8_a_cut_response_is_resumed_on_any_instance(int resumedOn)
    {
        string last;
        using (var call = await Client.CallAsync(A, 1, "count", """{"ticket":"x","n":8,"pauseMs":250}"""))
        {
            await using var events = Open(call);
            last = (await events.NextAsync("notifications/progress")).Id!;
        }

        using var resumed = await Client.GetAsync(Fleet.Instances[resumedOn], last);
        Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        var rest = await Client.ReadAsync(resumed).ToListAsync(Limit);

        Assert.Equal(
            [2, 3, 4, 5, 6, 7, 8],
            rest.Where(static each => each.Method is not null).Select(static each => (int)each.Message!["params"]!["progress"]!));
        Assert.Equal("counted x", FleetClient.Text(rest[^1].Message!));
    }

    /// <remarks><c>DeadInstanceTests</c> checks the limit of 10 s with a fake clock.</remarks>
    [Fact]
    public async Task Case_9_a_stream_resumed_after_its_instance_was_killed_ends_with_an_error()
    {
        await using var fleet = await StartOwnFleetAsync();
        using var client = new FleetClient(fleet.Endpoint, Limit);
        var (victim, other) = (fleet.Instances[0], fleet.Instances[1]);
        await client.InitializeAsync(victim);
        using var call = await client.CallAsync(victim, 1, "count", """{"ticket":"x","n":100,"pauseMs":500}""");
        await using var events = client.ReadAsync(call).GetAsyncEnumerator(Limit);
        var last = (await events.NextAsync("notifications/progress")).Id!;

        await fleet.KillAsync(victim);
        using var resumed = await client.GetAsync(other, last);
        var answer = await client.AnswerAsync(resumed, 1);

        Assert.Contains("Check its effect before you call again.", (string?)answer["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal("alive", await client.TextAsync(other, 2, "echo", """{"text":"alive"}"""));
    }

    private async Task CancelAsync(string ticket)
    {
        using var accepted = await Client.PostAsync(B, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal("cancelled", await Client.TextAsync(B, 2, "was_cancelled", $$"""{"ticket":"{{ticket}}"}"""));
    }
}

/// <inheritdoc/>
public sealed class CallCaseTests(StartedFleets fleets) : CallCases(fleets, FleetKind.Serve);

/// <inheritdoc/>
public sealed class FunctionsCallCaseTests(StartedFleets fleets) : CallCases(fleets, FleetKind.Functions);
