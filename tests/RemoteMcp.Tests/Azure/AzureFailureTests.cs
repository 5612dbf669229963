using RemoteMcp.Emulators.Azure;
using Xunit;

namespace RemoteMcp.Tests.Azure;

/// <summary>What a model is told when Azure refuses, is slow, or breaks.</summary>
[Collection(nameof(AloneInProcess))]
public sealed class AzureFailureTests : AzureSignIn
{
    private const string LogsPath = "/query";

    protected override IReadOnlyDictionary<string, string?> Settings => AzureSettings(("WorkspaceId", Workspace + "," + OtherWorkspace));

    [Fact]
    public async Task A_missing_role_on_a_workspace_is_named_with_who_needs_it() => Assert.Contains(
        $"the server's managed identity needs the role Log Analytics Reader on the workspace {OtherWorkspace}",
        (await AskAsync("query_logs", new { query = "AppRequests", workspace = OtherWorkspace })).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_role_on_a_resource_is_named() => Assert.Contains(
        "needs the role Monitoring Reader on the resource",
        (await AskAsync("get_metrics", new { resource_id = Site.Replace(Production, Sandbox, StringComparison.Ordinal), metrics = new[] { "Requests" } })).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_role_in_a_subscription_is_named() => Assert.Contains(
        "needs the role Reader on each of the subscriptions",
        (await AskAsync("query_resources", new { query = "Resources", subscriptions = new[] { Sandbox } })).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_wrong_query_is_answered_with_what_Azure_says_is_wrong()
    {
        Assert.Contains("Failed to resolve table or column expression named 'Nothing'", (await AskAsync("query_logs", new { query = "Nothing | take 1" })).Refusal, StringComparison.Ordinal);
        Assert.Contains("(line 1, position 0, at 'Nothing')", (await AskAsync("query_resources", new { query = "Nothing | take 1" })).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_metric_is_answered_with_the_right_ones() => Assert.Contains(
        "Valid metrics: Requests,Http5xx",
        (await AskAsync("get_metrics", new { resource_id = Site, metrics = new[] { "Cpu" } })).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public async Task An_unknown_resource_is_unknown() => Assert.Contains(
        "knows no such thing (404)", (await AskAsync("get_metrics", new { resource_id = Site + "9", metrics = new[] { "Requests" } })).Refusal, StringComparison.Ordinal);

    [Fact]
    public async Task A_short_pause_is_kept()
    {
        Cloud.Fail(AzureFault.Throttled(TimeSpan.FromSeconds(1)));

        Assert.False((await AskAsync("query_logs", new { query = "AppRequests" })).IsError);
        Assert.Equal(2, Emulator.Requests.CountOf(LogsPath));
    }

    [Fact]
    public async Task A_long_pause_is_told_and_not_waited_for()
    {
        Cloud.Fail(AzureFault.Throttled(TimeSpan.FromSeconds(90)), times: 5);

        Assert.Contains("Try again in 90 s, not sooner", (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal, StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Requests.CountOf(LogsPath));
    }

    [Fact]
    public async Task Resource_Graphs_own_header_is_a_pause_too()
    {
        Cloud.Fail(AzureFault.Throttled(null, quotaResetsAfter: TimeSpan.FromSeconds(40)), times: 5);

        Assert.Contains("Try again in 40 s", (await AskAsync("query_resources", new { query = "Resources" })).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_Azure_is_tried_three_times_at_most()
    {
        Cloud.Fail(AzureFault.Of(500, """{"error":{"code":"InternalServerError","message":"Oops"}}"""), times: 10);

        Assert.Contains("failure of its own (500). Try again in 30 s, not sooner. Azure says: Oops.", (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal, StringComparison.Ordinal);
        Assert.Equal(3, Emulator.Requests.CountOf(LogsPath));
    }

    [Fact]
    public async Task A_query_that_took_too_long_is_not_tried_again()
    {
        Cloud.Fail(AzureFault.Of(504, """{"error":{"code":"GatewayTimeout","message":"The request timed out"}}"""), times: 5);

        Assert.Contains("the query takes too long (504). Ask for less", (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal, StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Requests.CountOf(LogsPath));
    }

    [Fact]
    public async Task A_long_pause_can_be_a_date()
    {
        Cloud.Fail(AzureFault.Throttled(DateTimeOffset.UtcNow.AddSeconds(90)), times: 5);

        Assert.Matches("Try again in ([3-8][0-9]|9[01]) s, not sooner", (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal);
        Assert.Equal(1, Emulator.Requests.CountOf(LogsPath));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_said_to_have()
    {
        Cloud.Fail(AzureFault.CutOff, times: 5);

        Assert.Contains("its answer broke off", (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_giant_answer_is_not_read_to_its_end()
    {
        Cloud.Fail(AzureFault.Giant);

        Assert.Contains("more than 16 MiB. Ask for less", (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>", "something that is no result")]
    [InlineData(200, "", "something that is no result")]
    [InlineData(200, "[]", "something that is no result")]
    [InlineData(200, """{"tables":[]}""", "something that is no result")]
    [InlineData(200, """{"tables":[{"columns":[{"name":"a","type":"string"}],"rows":[["x","y"]]}]}""", "something that is no result")]
    [InlineData(200, """{"tables":[{"columns":[{"name":1,"type":"string"}],"rows":[]}]}""", "something that is no result")]
    [InlineData(302, "", "answered 302")]
    [InlineData(401, """{"error":{"code":"InvalidTokenError","message":"The provided authentication is not valid for this resource"}}""", "does not accept the server's token (401)")]
    [InlineData(400, "<html>", "refuses the request (400)")]
    [InlineData(400, """{"error":"text"}""", "refuses the request (400)")]
    public async Task Every_other_answer_is_explained(int status, string body, string told)
    {
        Cloud.Fail(AzureFault.Of(status, body), times: 5);

        Assert.Contains(told, (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Azure_says_is_one_bounded_line_without_control_characters()
    {
        Cloud.Fail(AzureFault.Of(400, """{"error":{"message":"a\nb\u001b[31m\u202e""" + new string('x', 50_000) + "\"}}"));

        var refusal = (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal;

        Assert.Contains(@"a\u000Ab\u001B[31m\u202Exxx", refusal, StringComparison.Ordinal);
        Assert.InRange(refusal.Length, 1_000, 2_000);
    }
}
