using System.Net;
using RemoteMcp.Emulators.Azure;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Azure;

/// <summary>Tests the results of the Azure tools with the managed identity over real HTTP.</summary>
[Collection(nameof(NonParallel))]
public sealed class AzureToolTests : AzureSignIn
{
    protected override IReadOnlyDictionary<string, string?> Settings => AzureSettings(("MaxRows", "2"));

    [Fact]
    public async Task Only_subscriptions_in_which_the_server_has_a_role_are_listed()
    {
        var result = (await AskAsync("list_subscriptions")).Result["structuredContent"]!;

        var only = result["subscriptions"]!.AsArray().Single()!;
        Assert.Equal((Production, "Production", "Enabled"), ((string)only["id"]!, (string)only["name"]!, (string)only["state"]!));
        Assert.Null(result["next_cursor"]);
    }

    [Fact]
    public async Task Subscriptions_are_returned_in_pages()
    {
        Cloud.Assign(Principal, "Reader", "/subscriptions/" + Sandbox);
        Cloud.SubscriptionsPerPage = 1;

        var first = (await AskAsync("list_subscriptions")).Result["structuredContent"]!;
        var second = (await AskAsync("list_subscriptions", new { cursor = (string)first["next_cursor"]! })).Result["structuredContent"]!;

        Assert.Equal(
            ["Production", "Sandbox"],
            new[] { first, second }.Select(static page => (string)page["subscriptions"]!.AsArray().Single()!["name"]!));
        Assert.Null(second["next_cursor"]);
    }

    [Fact]
    public async Task Empty_list_of_subscriptions_names_the_missing_role()
    {
        Cloud.Subscriptions.RemoveAt(0);

        Assert.Contains(
            "the server's managed identity has no role in any. Ask an administrator to assign Reader",
            (await AskAsync("list_subscriptions")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_are_returned_in_pages_with_the_total()
    {
        var first = (await AskAsync("query_resources", new { query = "Resources | order by id" })).Result["structuredContent"]!;
        var next = new { query = "Resources | order by id", cursor = (string)first["next_cursor"]! };
        var second = (await AskAsync("query_resources", next)).Result["structuredContent"]!;

        Assert.Equal(3, (int)first["total"]!);
        Assert.Equal(
            ["shop-0", "shop-1", "shop-2"],
            first["rows"]!.AsArray().Concat(second["rows"]!.AsArray()).Select(static row => (string)row![1]!));
        Assert.Null(second["next_cursor"]);
    }

    [Fact]
    public async Task Result_that_cannot_be_paged_says_how_to_get_pages()
    {
        var answer = await AskAsync("query_resources", new { query = "Resources | summarize by name" });

        Assert.Null(answer.Result["structuredContent"]!["next_cursor"]);
        Assert.Contains("Azure pages only results that have the column id", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_query_within_the_quota_says_how_long_to_wait()
    {
        Cloud.QuotaRemaining = 0;

        Assert.Contains(
            "Wait 5 s before the next one",
            (await AskAsync("query_resources", new { query = "Resources" })).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_are_queried_with_the_time_range_and_the_servers_timeout()
    {
        var answer = await AskAsync("query_logs", new { query = "AppRequests\r\n| take 2 // two", timespan = "2026-01-31T08:00Z/PT12H" });

        Assert.Equal(["GET /", "GET /cart"], answer.Result["structuredContent"]!["rows"]!.AsArray().Select(static row => (string)row![0]!));
        Assert.Equal(
            new AzureQuery("AppRequests\n| take 2 // two", "2026-01-31T08:00:00Z/2026-01-31T20:00:00Z", "wait=27"),
            Assert.Single(Cloud.Queries));
        Assert.False((bool)answer.Result["structuredContent"]!["truncated"]!);
        Assert.Contains("| GET / | 3 |", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_beyond_the_limit_are_omitted_with_a_note()
    {
        AddTable(Workspace, "Many", [("n", "long")], [.. Enumerable.Range(0, 100_000).Select(static n => new object?[] { n })]);

        var answer = await AskAsync("query_logs", new { query = "Many" });

        Assert.Equal(2, answer.Result["structuredContent"]!["rows"]!.AsArray().Count);
        Assert.True((bool)answer.Result["structuredContent"]!["truncated"]!);
        Assert.Contains("first 2 of 100000 rows", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_cells_are_cut_and_empty_columns_of_wide_results_are_omitted()
    {
        AddTable(
            Workspace,
            "Wide",
            [.. Enumerable.Range(0, 40).Select(static n => ($"c{n}", "string"))],
            [new string('x', 5_000), .. Enumerable.Repeat<object?>(null, 39)]);

        var result = (await AskAsync("query_logs", new { query = "Wide" })).Result["structuredContent"]!;

        Assert.Equal("c0", (string)result["columns"]!.AsArray().Single()!["name"]!);
        Assert.Equal(2_001, ((string)result["rows"]![0]![0]!).Length);
        Assert.Equal(2, result["notes"]!.AsArray().Count);
    }

    [Fact]
    public async Task Partial_result_is_reported_in_text_and_structured_content()
    {
        Cloud.Workspaces[Workspace].PartialError =
            "The results of this query exceed the set limit of 500000 records, so not all records were returned";

        var answer = await AskAsync("query_logs", new { query = "AppRequests" });

        Assert.Contains("500000 records", (string)answer.Result["structuredContent"]!["partial_error"]!, StringComparison.Ordinal);
        Assert.Contains("PARTIAL RESULT: There were some errors", answer.Text, StringComparison.Ordinal);
        Assert.Equal(2, answer.Result["structuredContent"]!["rows"]!.AsArray().Count);
    }

    [Fact]
    public async Task Metrics_are_read_with_their_units_and_gaps()
    {
        var answer = await AskAsync("get_metrics", new
        {
            resource_id = Site,
            metrics = new[] { "Requests", "Http5xx" },
            timespan = "2026-01-31T00:00Z/2026-01-31T04:00Z",
            interval = "pt1h",
            aggregations = new[] { "Total" },
        });

        var series = answer.Result["structuredContent"]!["series"]!.AsArray();
        Assert.Equal(
            ["2026-01-31T00:00:00Z", "2026-01-31T01:00:00Z"],
            series[0]!["points"]!.AsArray().Select(static point => (string)point!["time"]!));
        Assert.Equal([1, 2.5], series[0]!["points"]!.AsArray().Select(static point => (double)point!["total"]!));
        Assert.True((bool)answer.Result["structuredContent"]!["truncated"]!);
        Assert.Contains("Http5xx has no values in this time", answer.Text, StringComparison.Ordinal);
        Assert.Contains("Requests (Count)", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_are_split_by_dimension()
    {
        var answer = await AskAsync(
            "get_metrics", new { resource_id = Site, metrics = new[] { "Requests" }, filter = "Instance eq '*'" });
        var series = answer.Result["structuredContent"]!["series"]!.AsArray();

        Assert.Equal(["0", "1"], series.Select(static each => (string)each!["dimensions"]!["Instance"]!));
    }

    [Fact]
    public async Task Tools_are_hidden_and_refused_without_the_scope()
    {
        using var list = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), Token());
        Assert.DoesNotContain("query_logs", (await list.ReadMessageAsync()).ToJsonString(), StringComparison.Ordinal);

        using var call = await SendAsync(
            Messages.PostStateless(Messages.StatelessCall("query_logs", """{"query":"AppRequests"}""")), Token());
        Assert.Equal(HttpStatusCode.Forbidden, call.StatusCode);
        Assert.Contains("Azure.Read", call.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Empty(Cloud.Queries);
    }

    [Fact]
    public async Task App_with_the_role_can_query_logs() =>
        Assert.False((await AskAsync("query_logs", new { query = "AppRequests" }, AppToken("Mcp.Invoke", "Azure.Read.All"))).IsError);
}
