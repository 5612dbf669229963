using RemoteMcp.Emulators.Azure;
using Xunit;

namespace RemoteMcp.Tests.Azure;

/// <summary>Tests the errors that a model gets when Azure refuses a request, is slow, or fails.</summary>
[Collection(nameof(NonParallel))]
public sealed class AzureFailureTests : AzureSignIn
{
    private const string LogsPath = "/query";

    protected override IReadOnlyDictionary<string, string?> Settings => AzureSettings(("WorkspaceId", Workspace + "," + OtherWorkspace));

    [Fact]
    public async Task Missing_role_on_a_workspace_is_reported_with_the_identity() => Assert.Contains(
        $"the server's managed identity needs the role Log Analytics Reader on the workspace {OtherWorkspace}",
        (await AskAsync("query_logs", new { query = "AppRequests", workspace = OtherWorkspace })).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public async Task Missing_role_on_a_resource_is_reported() => Assert.Contains(
        "needs the role Monitoring Reader on the resource",
        (await AskAsync(
            "get_metrics",
            new { resource_id = Site.Replace(Production, Sandbox, StringComparison.Ordinal), metrics = new[] { "Requests" } })).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public async Task Missing_role_in_a_subscription_is_reported() => Assert.Contains(
        "needs the role Reader on each of the subscriptions",
        (await AskAsync("query_resources", new { query = "Resources", subscriptions = new[] { Sandbox } })).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public async Task Invalid_query_gets_the_error_of_Azure()
    {
        Assert.Contains(
            "Failed to resolve table or column expression named 'Nothing'",
            (await AskAsync("query_logs", new { query = "Nothing | take 1" })).Refusal,
            StringComparison.Ordinal);
        Assert.Contains(
            "(line 1, position 0, at 'Nothing')",
            (await AskAsync("query_resources", new { query = "Nothing | take 1" })).Refusal,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_metric_gets_an_error_with_the_valid_metrics() => Assert.Contains(
        "Valid metrics: Requests,Http5xx",
        (await AskAsync("get_metrics", new { resource_id = Site, metrics = new[] { "Cpu" } })).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public async Task Unknown_resource_is_reported() => Assert.Contains(
        "did not find the resource (404)",
        (await AskAsync("get_metrics", new { resource_id = Site + "9", metrics = new[] { "Requests" } })).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public async Task Query_is_retried_after_a_short_delay()
    {
        Cloud.Fail(AzureFault.Throttled(TimeSpan.FromSeconds(1)));

        Assert.False((await AskAsync("query_logs", new { query = "AppRequests" })).IsError);
        Assert.Equal(2, Emulator.Requests.CountOf(LogsPath));
    }

    [Fact]
    public async Task Long_delay_is_reported_without_waiting()
    {
        Cloud.Fail(AzureFault.Throttled(TimeSpan.FromSeconds(90)), times: 5);

        Assert.Contains(
            "Try again in 90 s, not sooner",
            (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal,
            StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Requests.CountOf(LogsPath));
    }

    [Fact]
    public async Task Quota_header_of_Resource_Graph_counts_as_a_delay()
    {
        Cloud.Fail(AzureFault.Throttled(null, quotaResetsAfter: TimeSpan.FromSeconds(40)), times: 5);

        Assert.Contains(
            "Try again in 40 s", (await AskAsync("query_resources", new { query = "Resources" })).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_request_is_sent_at_most_three_times()
    {
        Cloud.Fail(AzureFault.Of(500, """{"error":{"code":"InternalServerError","message":"Oops"}}"""), times: 10);

        Assert.Contains(
            "had an internal error (500). Try again in 30 s, not sooner. Azure says: Oops.",
            (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal,
            StringComparison.Ordinal);
        Assert.Equal(3, Emulator.Requests.CountOf(LogsPath));
    }

    [Fact]
    public async Task Query_that_took_too_long_is_not_retried()
    {
        Cloud.Fail(AzureFault.Of(504, """{"error":{"code":"GatewayTimeout","message":"The request timed out"}}"""), times: 5);

        Assert.Contains(
            "stopped the query because it took too long (504). Ask for less",
            (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal,
            StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Requests.CountOf(LogsPath));
    }

    [Fact]
    public async Task Long_delay_can_be_a_date()
    {
        Cloud.Fail(AzureFault.Throttled(DateTimeOffset.UtcNow.AddSeconds(90)), times: 5);

        Assert.Matches(
            "Try again in ([3-8][0-9]|9[01]) s, not sooner", (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal);
        Assert.Equal(1, Emulator.Requests.CountOf(LogsPath));
    }

    [Fact]
    public async Task Incomplete_response_is_reported()
    {
        Cloud.Fail(AzureFault.CutOff, times: 5);

        Assert.Contains(
            "its response was incomplete", (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Huge_response_is_not_read_to_its_end()
    {
        Cloud.Fail(AzureFault.Giant);

        Assert.Contains(
            "more than 16 MiB. Ask for less",
            (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>", "not a valid result")]
    [InlineData(200, "", "not a valid result")]
    [InlineData(200, "[]", "not a valid result")]
    [InlineData(200, """{"tables":[]}""", "not a valid result")]
    [InlineData(200, """{"tables":[{"columns":[{"name":"a","type":"string"}],"rows":[["x","y"]]}]}""", "not a valid result")]
    [InlineData(200, """{"tables":[{"columns":[{"name":1,"type":"string"}],"rows":[]}]}""", "not a valid result")]
    [InlineData(302, "", "unexpected status 302")]
    [InlineData(
        401,
        """{"error":{"code":"InvalidTokenError","message":"The provided authentication is not valid for this resource"}}""",
        "does not accept the server's token (401)")]
    [InlineData(400, "<html>", "refuses the request (400)")]
    [InlineData(400, """{"error":"text"}""", "refuses the request (400)")]
    public async Task Every_other_response_is_explained(int status, string body, string told)
    {
        Cloud.Fail(AzureFault.Of(status, body), times: 5);

        Assert.Contains(told, (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_of_Azure_is_one_bounded_line_without_control_characters()
    {
        Cloud.Fail(AzureFault.Of(400, """{"error":{"message":"a\nb\u001b[31m\u202e""" + new string('x', 50_000) + "\"}}"));

        var refusal = (await AskAsync("query_logs", new { query = "AppRequests" })).Refusal;

        Assert.Contains(@"a\u000Ab\u001B[31m\u202Exxx", refusal, StringComparison.Ordinal);
        Assert.InRange(refusal.Length, 1_000, 2_000);
    }
}
