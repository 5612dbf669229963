using System.Text.Json.Nodes;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Tests.Elicitation.UserPromptsWireClient;

namespace RemoteMcp.Tests.Elicitation;

/// <summary>Tests that the server accepts only a state that it sealed, and only answers to questions that it asked.</summary>
public sealed class SealedStateTests
{
    private const int InvalidParams = -32602;
    private const string Refusal = "requestState is not valid for this call. Start the call again without it.";

    [Fact]
    public async Task A_call_continues_on_another_instance_with_its_state()
    {
        var store = new MemoryStateStore(TimeProvider.System);
        await using var a = await UserPromptsHost.StartAsync(store);
        await using var b = await UserPromptsHost.StartAsync(store);
        using var toA = new UserPromptsWireClient(a);
        using var toB = new UserPromptsWireClient(b);

        var first = await toA.CallAsync("once");
        var second = await toB.CallAsync("once", state: first.State, answers: Confirm());
        Assert.Equal("Really?", second.Asked);
        Assert.Equal("paid", (await toA.CallAsync("once", state: second.State, answers: Confirm("q2"))).Text);
    }

    [Theory]
    [InlineData("tools/call", "delete")]
    [InlineData("tools/call", "own_state")]
    [InlineData("prompts/get", "greeting")]
    [InlineData("resources/read", "secret://blue")]
    public async Task A_made_up_state_is_refused_before_anything_runs(string method, string name)
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);
        var arguments = name == "delete" ? new { path = "a.txt" } : null;
        var real = (await wire.SendAsync(method, name, arguments)).State!;
        var ran = host.Log.Entries.Count;

        string[] states =
        [
            "", "a secret place", """{"own":"a secret place"}""", real + "-TAMPERED", real[..^1], real.ToLowerInvariant(),
            new string('A', 100_000),
        ];
        foreach (var state in states)
        {
            var reply = await wire.SendAsync(method, name, arguments, state, Confirm());
            Assert.Equal((InvalidParams, Refusal), (reply.ErrorCode, reply.Error));
        }

        Assert.Equal(ran, host.Log.Entries.Count);
    }

    [Fact]
    public async Task An_expired_state_or_one_of_another_call_or_caller_gets_the_same_refusal()
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var ann = new UserPromptsWireClient(host) { User = "ann" };
        using var bob = new UserPromptsWireClient(host) { User = "bob" };
        using var anonymous = new UserPromptsWireClient(host);
        var state = (await ann.CallAsync("delete", new { path = "a.txt" })).State;
        var reply = await bob.CallAsync("delete", new { path = "a.txt" }, state, Confirm());
        Assert.Equal((InvalidParams, Refusal), (reply.ErrorCode, reply.Error));
        reply = await anonymous.CallAsync("delete", new { path = "a.txt" }, state, Confirm());
        Assert.Equal((InvalidParams, Refusal), (reply.ErrorCode, reply.Error));
        reply = await ann.CallAsync("delete", new { path = "b.txt" }, state, Confirm());
        Assert.Equal((InvalidParams, Refusal), (reply.ErrorCode, reply.Error));
        reply = await ann.CallAsync("order", new { path = "a.txt" }, state, Confirm());
        Assert.Equal((InvalidParams, Refusal), (reply.ErrorCode, reply.Error));
        Assert.Equal("deleted a.txt", (await ann.CallAsync("delete", new { path = "a.txt" }, state, Confirm())).Text);

        host.Time.Advance(TimeSpan.FromMinutes(16));
        reply = await ann.CallAsync("delete", new { path = "a.txt" }, state, Confirm());
        Assert.Equal((InvalidParams, Refusal), (reply.ErrorCode, reply.Error));
        Assert.Equal(["run", "run", "delete a.txt"], host.Log.Entries);
    }

    [Fact]
    public async Task A_session_cannot_send_a_forged_state()
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);
        await using var client = await host.ConnectAsync(Link.Session, _ => new() { Action = "decline" });
        var request = new ModelContextProtocol.Protocol.JsonRpcRequest
        {
            Method = "tools/call",
            Params = new JsonObject { ["name"] = "own_state", ["requestState"] = "a secret place" },
        };

        var error = await Assert.ThrowsAsync<ModelContextProtocol.McpProtocolException>(
            () => client.SendRequestAsync(request, TestContext.Current.CancellationToken));
        Assert.Contains(Refusal, error.Message, StringComparison.Ordinal);
        Assert.Empty(host.Log.Entries);
    }

    [Fact]
    public async Task An_answer_to_a_question_that_was_not_asked_is_ignored()
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);

        // The answer comes before the question, without a state that proves that the question was asked.
        Assert.Equal("Delete a.txt?", (await wire.CallAsync("delete", new { path = "a.txt" }, answers: Confirm())).Asked);

        // The answer is for a later question than the one that was asked.
        var first = await wire.CallAsync("once");
        var both = Confirm();
        both["q2"] = Confirm("q2")["q2"]!.DeepClone();
        var second = await wire.CallAsync("once", state: first.State, answers: both);
        Assert.Equal("Really?", second.Asked);
        Assert.Equal("Really?", (await wire.CallAsync("once", state: second.State, answers: Confirm())).Asked);
        Assert.DoesNotContain("paid", host.Log.Entries);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"other":{"action":"accept","content":{"confirm":true}}}""")]
    public async Task A_missing_answer_is_asked_for_again(string answers)
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);
        var first = await wire.CallAsync("delete", new { path = "a.txt" });

        var again = await wire.CallAsync("delete", new { path = "a.txt" }, first.State, JsonNode.Parse(answers));

        Assert.Equal("Delete a.txt?", again.Asked);
        Assert.Equal("deleted a.txt", (await wire.CallAsync("delete", new { path = "a.txt" }, again.State, Confirm())).Text);
    }

    [Theory]
    [InlineData("12345", "The answer could not be read.")]
    [InlineData("null", "The answer could not be read.")]
    [InlineData("[]", "The answer could not be read.")]
    [InlineData("{}", "The answer could not be read.")]
    [InlineData("\"accept\"", "The answer could not be read.")]
    [InlineData("""{"action":5}""", "The answer could not be read.")]
    [InlineData("""{"action":"ACCEPT","content":{"confirm":true}}""", "The answer must be 'accept', 'decline', or 'cancel'.")]
    [InlineData("""{"action":"accept"}""", "'Confirm' is missing.")]
    [InlineData("""{"action":"accept","content":[]}""", "The answer could not be read.")]
    [InlineData("""{"action":"accept","content":{}}""", "'Confirm' is missing.")]
    [InlineData("""{"action":"accept","content":{"confirm":null}}""", "'Confirm' is missing.")]
    [InlineData("""{"action":"accept","content":{"confirm":"true"}}""", "'Confirm' must be true or false.")]
    [InlineData("""{"action":"accept","content":{"confirm":1}}""", "'Confirm' must be true or false.")]
    [InlineData("""{"action":"accept","content":{"Confirm":true}}""", "'Confirm' is missing.")]
    public async Task An_invalid_answer_is_asked_for_again_with_the_reason(string answer, string reason)
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);
        var first = await wire.CallAsync("delete", new { path = "a.txt" });

        var again = await wire.CallAsync("delete", new { path = "a.txt" }, first.State, new JsonObject { ["q1"] = JsonNode.Parse(answer) });

        Assert.Equal($"{reason}\n\nDelete a.txt?", again.Asked);
        Assert.Equal("deleted a.txt", (await wire.CallAsync("delete", new { path = "a.txt" }, again.State, Confirm())).Text);
    }

    [Theory]
    [InlineData("""{"name":"A","count":1}""", "'name' must have at least 2 characters.")]
    [InlineData("""{"name":"123456789012345678901","count":1}""", "'name' must have at most 20 characters.")]
    [InlineData("""{"name":["Ann"],"count":1}""", "'name' must be text.")]
    [InlineData("""{"name":"Ann","count":1.5}""", "'count' must be a whole number.")]
    [InlineData("""{"name":"Ann","count":1e400}""", "'count' must be a number.")]
    [InlineData("""{"name":"Ann","count":0}""", "'count' must be at least 1.")]
    [InlineData("""{"name":"Ann","count":1,"size":"Huge"}""", "'size' must be one of: Small, Large.")]
    [InlineData("""{"name":"Ann","count":1,"size":1}""", "'size' must be one of: Small, Large.")]
    [InlineData("""{"name":"Ann","count":1,"gift":"no"}""", "'gift' must be true or false.")]
    [InlineData("""{"name":"Ann","count":1,"discount":"0.5"}""", "'discount' must be a number.")]
    public async Task A_form_is_validated_against_its_schema(string content, string reason)
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);
        var first = await wire.CallAsync("order");
        var answers = new JsonObject { ["q1"] = new JsonObject { ["action"] = "accept", ["content"] = JsonNode.Parse(content) } };

        Assert.Equal($"{reason}\n\nWhat do you want?", (await wire.CallAsync("order", state: first.State, answers: answers)).Asked);
    }

    [Fact]
    public async Task Fields_that_were_not_asked_for_are_dropped()
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);
        var first = await wire.CallAsync("order");
        var answers = JsonNode.Parse("""
            {"q1":{"action":"accept","_meta":{"a":1},"content":{"name":"Ann","count":2,"note":null,"price":0,"$type":"x"}},
            "more":{"action":"cancel"}}
            """);

        var second = await wire.CallAsync("order", state: first.State, answers: answers);
        Assert.Equal("2 for Ann?", second.Asked);
        Assert.Equal(
            "2 Small for Ann, gift False, note '', discount none",
            (await wire.CallAsync("order", state: second.State, answers: Confirm("q2"))).Text);
    }

    [Fact]
    public async Task A_repeated_request_runs_again_unless_the_tool_consumes_the_answers()
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);
        var question = await wire.CallAsync("delete", new { path = "a.txt" });
        Assert.Equal("deleted a.txt", (await wire.CallAsync("delete", new { path = "a.txt" }, question.State, Confirm())).Text);
        Assert.Equal("deleted a.txt", (await wire.CallAsync("delete", new { path = "a.txt" }, question.State, Confirm())).Text);

        var first = await wire.CallAsync("once");
        var second = await wire.CallAsync("once", state: first.State, answers: Confirm());
        var sameSecond = await wire.CallAsync("once", state: first.State, answers: Confirm());
        Assert.Equal("paid", (await wire.CallAsync("once", state: second.State, answers: Confirm("q2"))).Text);
        foreach (var state in (string?[])[second.State, sameSecond.State])
        {
            var again = await wire.CallAsync("once", state: state, answers: Confirm("q2"));
            Assert.True(again.IsToolError);
            Assert.Contains("the user's answer has already been used", again.Text, StringComparison.Ordinal);
        }

        Assert.Single(host.Log.Entries, "paid");
    }

    [Fact]
    public async Task A_used_answer_is_remembered_longer_than_any_state_derived_from_it()
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);
        var first = await wire.CallAsync("once");
        var second = await wire.CallAsync("once", state: first.State, answers: Confirm());
        Assert.Equal("paid", (await wire.CallAsync("once", state: second.State, answers: Confirm("q2"))).Text);

        host.Time.Advance(TimeSpan.FromMinutes(14));
        var late = await wire.CallAsync("once", state: first.State, answers: Confirm());
        host.Time.Advance(TimeSpan.FromMinutes(14));
        Assert.True((await wire.CallAsync("once", state: late.State, answers: Confirm("q2"))).IsToolError);
    }

    [Fact]
    public async Task A_storage_outage_stops_only_actions_that_must_happen_once()
    {
        var store = new ControlledStore(new MemoryStateStore(TimeProvider.System));
        await using var host = await UserPromptsHost.StartAsync(store);
        using var wire = new UserPromptsWireClient(host);
        var before = store.Requests.Count;
        var question = await wire.CallAsync("delete", new { path = "a.txt" });
        store.Before = ControlledStore.Down;
        Assert.Equal("deleted a.txt", (await wire.CallAsync("delete", new { path = "a.txt" }, question.State, Confirm())).Text);
        Assert.Equal(before, store.Requests.Count);

        var first = await wire.CallAsync("once");
        var second = await wire.CallAsync("once", state: first.State, answers: Confirm());
        var refused = await wire.CallAsync("once", state: second.State, answers: Confirm("q2"));
        Assert.True(refused.IsToolError);
        Assert.Contains(
            "Nothing was done: the server's storage does not answer. Try again in 7 s.", refused.Text, StringComparison.Ordinal);
        store.Before = null;
        Assert.Equal("paid", (await wire.CallAsync("once", state: second.State, answers: Confirm("q2"))).Text);
    }

    [Fact]
    public async Task A_server_without_its_keys_reports_this_and_still_serves_other_calls()
    {
        var down = new ControlledStore(new MemoryStateStore(TimeProvider.System)) { Before = ControlledStore.Down };
        await using var host = await UserPromptsHost.StartAsync(down);
        using var wire = new UserPromptsWireClient(host);

        var reply = await wire.CallAsync("delete", new { path = "a.txt" });
        Assert.Equal("The server cannot read its keys at the moment. Try again in 7 s.", reply.Error);
        reply = await wire.CallAsync("many", new { count = 0 });
        Assert.Equal("enough", reply.Text);
    }

    [Fact]
    public async Task A_state_stays_valid_when_a_later_filter_changes_the_arguments()
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);
        // The validation of the arguments removes a null that means an absent argument.
        var arguments = new { path = "a.txt", days = (int?)null };

        var question = await wire.CallAsync("delete", arguments);
        Assert.Equal("deleted a.txt", (await wire.CallAsync("delete", arguments, question.State, Confirm())).Text);
    }

    [Fact]
    public async Task A_tools_own_state_is_sealed_too()
    {
        await using var host = await UserPromptsHost.StartAsync();
        using var wire = new UserPromptsWireClient(host);

        var question = await wire.CallAsync("own_state");
        Assert.DoesNotContain("secret", question.State!, StringComparison.Ordinal);
        Assert.Equal("went on from a secret place", (await wire.CallAsync("own_state", state: question.State)).Text);
    }
}
