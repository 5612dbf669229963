using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Analytics;

/// <summary>Tests the results of <c>list_metrics</c> with a real client.</summary>
public sealed class ListMetricsToolTests : IDisposable
{
    private readonly AnalyticsBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Empty_list_says_how_to_import_metrics()
    {
        await using var server = await _bench.ServeAsync();

        var result = await server.CallAsync("list_metrics", new { }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("remote-mcp analytics import", ToolServer.TextOf(result), StringComparison.Ordinal);
        Assert.Empty(result.StructuredContent!.Value.GetProperty("metrics").EnumerateArray());
        Assert.Contains(
            "remote-mcp analytics import",
            await server.RefusalAsync("query_analytics", new { metric = "revenue", period = "today" }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metric_is_listed_with_the_dimensions_and_days_of_all_its_imports()
    {
        await _bench.ImportAsync("timestamp,metric,value,plan,city\n2026-03-01,revenue,1,pro,\n2026-03-02,signups,1,,Bonn\n");
        await _bench.ImportAsync("value,metric,timestamp,country\n2,revenue,2026-01-01,DE\n");
        await using var server = await _bench.ServeAsync();

        var result = await server.CallAsync("list_metrics", new { }, cancellationToken: TestContext.Current.CancellationToken);

        var revenue = result.StructuredContent!.Value.GetProperty("metrics")[0];
        Assert.Equal(
            """{"name":"revenue","dimensions":["country","plan"],"first_day":"2026-01-01","last_day":"2026-03-01","events":2}""",
            revenue.GetRawText());
        Assert.Contains("| revenue | day, country, plan |", ToolServer.TextOf(result), StringComparison.Ordinal);
        Assert.Equal("UTC", result.StructuredContent!.Value.GetProperty("time_zone").GetString());
    }

    [Fact]
    public async Task Pages_hold_every_metric_once_and_in_order()
    {
        await _bench.ImportAsync(AnalyticsBench.Header + string.Concat(Enumerable.Range(0, 25).Select(i => $"2026-03-01,m{i:00},1,,\n")));
        await using var server = await _bench.ServeAsync();
        var all = new List<string>();
        string? cursor = null;
        do
        {
            var page = await server.AnswerAsync("list_metrics", new { limit = 10, cursor });
            all.AddRange(page.GetProperty("metrics").EnumerateArray().Select(metric => metric.GetProperty("name").GetString()!));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
            Assert.Equal(cursor is not null, page.GetProperty("truncated").GetBoolean());
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"m{i:00}"), all);
        Assert.Contains("cursor", await server.RefusalAsync("list_metrics", new { cursor = "~" }), StringComparison.Ordinal);
        Assert.Contains("cursor", await server.RefusalAsync("list_metrics", new { cursor = "metric_1" }), StringComparison.Ordinal);
    }
}
