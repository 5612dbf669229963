using System.Globalization;
using System.Text.Json;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Storage;
using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Analytics;

/// <summary>Tests the results of <c>query_analytics</c> with a real client. The current day is Wednesday, 18 March 2026.</summary>
public sealed class QueryAnalyticsToolTests : IDisposable
{
    private readonly AnalyticsBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Result_text_is_a_readable_table()
    {
        await _bench.ImportAsync(AnalyticsBench.Header
            + "2026-03-18,revenue,1234.50,DE,\n2026-03-18,revenue,1000,US,\n2026-03-18,revenue,0.25,,\n"
            + "2026-03-17,revenue,1000,DE,\n2026-03-17,revenue,1500,US,\n");
        await using var server = await _bench.ServeAsync();

        var result = await server.CallAsync(
            "query_analytics",
            new { metric = "revenue", period = "today", group_by = "country" },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("""
            revenue, 2026-03-18 (1 day): 2,234.75 from 3 events
            Previous period, 2026-03-17 (1 day): 2,500 from 2 events
            Change: -265.25 (-10.61 %)

            | country |     sum | events |            change |
            |---------|--------:|-------:|------------------:|
            | DE      | 1,234.5 |      1 | +234.5 (+23.45 %) |
            | US      |   1,000 |      1 |   -500 (-33.33 %) |
            | (none)  |    0.25 |      1 |                   |

            """.ReplaceLineEndings("\n"), ToolServer.TextOf(result));
    }

    [Theory]
    [InlineData("2026-03-18T23:30:00Z", null, "2026-03-18")]
    [InlineData("2026-03-18T23:30:00Z", "Europe/Berlin", "2026-03-19")]
    [InlineData("2026-03-18T23:30:00Z", "America/New_York", "2026-03-18")]
    // Berlin is one hour ahead of UTC in winter and two hours in summer.
    [InlineData("2026-03-28T22:30:00Z", "Europe/Berlin", "2026-03-28")]
    [InlineData("2026-03-28T23:30:00Z", "Europe/Berlin", "2026-03-29")]
    [InlineData("2026-03-29T22:30:00Z", "Europe/Berlin", "2026-03-30")]
    [InlineData("2026-10-24T22:30:00Z", "Europe/Berlin", "2026-10-25")]
    [InlineData("2026-10-25T22:30:00Z", "Europe/Berlin", "2026-10-25")]
    [InlineData("2026-10-25T23:30:00Z", "Europe/Berlin", "2026-10-26")]
    [InlineData("2026-12-31T10:30:00Z", "Pacific/Kiritimati", "2027-01-01")]
    [InlineData("2027-01-01T04:30:00Z", "America/New_York", "2026-12-31")]
    public async Task Time_zone_determines_which_day_is_today(string now, string? time_zone, string today)
    {
        _bench.Clock.SetUtcNow(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture));
        await _bench.ImportAsync($"{AnalyticsBench.Header}{today},signups,2,,\n");
        await using var server = await _bench.ServeAsync();

        var answer = await server.AnswerAsync("query_analytics", new { metric = "signups", period = "today", time_zone });

        Assert.Equal(
            (today, 2),
            (answer.GetProperty("period").GetProperty("from").GetString(), answer.GetProperty("total").GetProperty("sum").GetDecimal()));
    }

    [Fact]
    public async Task Teams_time_zone_comes_from_the_setting()
    {
        _bench.Clock.SetUtcNow(new DateTimeOffset(2026, 3, 18, 23, 30, 0, TimeSpan.Zero));
        _bench.Options.TimeZone = "Europe/Berlin";
        await _bench.ImportAsync(AnalyticsBench.Header + "2026-03-18T23:10:00Z,signups,2,,\n");
        await using var server = await _bench.ServeAsync();

        var answer = await server.AnswerAsync("query_analytics", new { metric = "signups", period = "today" });

        Assert.Equal(
            ("Europe/Berlin", 2),
            (answer.GetProperty("time_zone").GetString(), answer.GetProperty("total").GetProperty("sum").GetDecimal()));
    }

    [Fact]
    public async Task Change_from_zero_has_no_percentage()
    {
        await _bench.ImportAsync(AnalyticsBench.Header + "2026-03-18,signups,3,,\n");
        await using var server = await _bench.ServeAsync();

        var change = (await server.AnswerAsync("query_analytics", new { metric = "signups", period = "today" })).GetProperty("change");

        Assert.Equal(3, change.GetProperty("absolute").GetDecimal());
        Assert.False(change.TryGetProperty("percent", out _));
    }

    [Fact]
    public async Task Fifty_groups_are_listed_and_the_others_are_summed()
    {
        await _bench.ImportAsync(
            AnalyticsBench.Header + string.Concat(Enumerable.Range(1, 60).Select(i => $"2026-03-18,revenue,{i},c{i:00},\n")));
        await using var server = await _bench.ServeAsync();

        var answer = await server.AnswerAsync("query_analytics", new { metric = "revenue", period = "today", group_by = "country" });

        Assert.Equal(Enumerable.Range(11, 50).Reverse().Select(i => $"c{i}"), answer.GetProperty("groups").EnumerateArray().Select(Name));
        Assert.Equal((10, (55m, 10)), (answer.GetProperty("omitted_groups").GetInt32(), Amount(answer.GetProperty("other"))));
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd\\|' /C calc'!A0")]
    [InlineData("@x", "'@x")]
    [InlineData("a|b", "a\\|b")]
    [InlineData("a\\|b", "a\\\\\\|b")]
    [InlineData("\u202Eevil", "\\u202Eevil")]
    [InlineData("a\u2028b", "a\\u2028b")]
    [InlineData("<img src=x>", "\\<img src=x>")]
    [InlineData("![x](https://evil.example/?q=1)", "!\\[x](https://evil.example/?q=1)")]
    public async Task Value_cannot_break_the_table_and_is_unchanged_in_the_data(string value, string cell)
    {
        await _bench.ImportAsync($"{AnalyticsBench.Header}2026-03-18,revenue,1,\"{value}\",\n");
        await using var server = await _bench.ServeAsync();

        var result = await server.CallAsync(
            "query_analytics",
            new { metric = "revenue", period = "today", group_by = "country" },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(value, Name(result.StructuredContent!.Value.GetProperty("groups")[0]));
        Assert.Contains($"\n| {cell} ", ToolServer.TextOf(result), StringComparison.Ordinal);
        Assert.Equal(7, ToolServer.TextOf(result).Split('\n', '\r', '\u2028').Length - 1);
    }

    [Theory]
    [InlineData("""{"metric":"profit","period":"today"}""", "metric: unknown metric 'profit'. Use one of revenue.")]
    [InlineData("""{"metric":"../x","period":"today"}""", "Use one of revenue.")]
    [InlineData("""{"metric":"revenue","period":"soon"}""", "period: unknown period 'soon'. Use today, yesterday")]
    [InlineData("""{"metric":"revenue"}""", "period: is required")]
    [InlineData("""{"metric":"revenue","period":"today","group_by":"city"}""", "Use one of day, country, or omit it")]
    [InlineData("""{"metric":"revenue","period":"today","group_by":"country'; drop"}""", "Use one of day, country")]
    [InlineData(
        """{"metric":"revenue","period":"today","time_zone":"Mars/Base"}""", "time_zone: unknown time zone 'Mars/Base'. Use an IANA name")]
    [InlineData("""{"metric":"revenue","period":"today","time_zone":"../../etc/passwd"}""", "unknown time zone")]
    [InlineData("""{"metric":"revenue","period":"today","time_zone":"/etc/localtime"}""", "unknown time zone")]
    [InlineData("""{"metric":7,"period":"today"}""", "metric: must be a string")]
    public async Task Invalid_argument_gets_an_error_with_the_valid_values(string arguments, string told)
    {
        await _bench.ImportAsync(AnalyticsBench.Header + "2026-03-18,revenue,1,DE,\n");
        await using var server = await _bench.ServeAsync();

        Assert.Contains(
            told,
            await server.RefusalAsync("query_analytics", JsonSerializer.Deserialize<JsonElement>(arguments)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Period_without_events_says_when_the_metric_has_events()
    {
        await _bench.ImportAsync(AnalyticsBench.Header + "2026-01-02,revenue,1,DE,\n2026-01-05,revenue,1,DE,\n");
        await using var server = await _bench.ServeAsync();

        var result = await server.CallAsync(
            "query_analytics",
            new { metric = "revenue", period = "today", group_by = "country" },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("revenue has events from 2026-01-02 to 2026-01-05", ToolServer.TextOf(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unavailable_storage_is_reported_with_the_time_to_wait()
    {
        var down = new ControlledStore(new MemoryStateStore(TimeProvider.System)) { Before = ControlledStore.Down };
        using var bench = new AnalyticsBench { Store = down };
        await using var server = await bench.ServeAsync();

        Assert.Contains(
            "Try again in 7 s",
            await server.RefusalAsync("query_analytics", new { metric = "revenue", period = "today" }),
            StringComparison.Ordinal);
        Assert.Contains("Try again in 7 s", await server.RefusalAsync("list_metrics", new { }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData("day", 3)]
    [InlineData("country", 5)]
    public async Task Month_needs_one_query_for_each_partition_and_one_more_for_a_dimension(string? by, int operations)
    {
        var counted = new ControlledStore(new MemoryStateStore(TimeProvider.System));
        using var bench = new AnalyticsBench { Store = counted };
        await bench.ImportAsync(AnalyticsBench.Header + string.Concat(
            Enumerable.Range(0, 2000).Select(i => $"2026-0{1 + (i % 3)}-{1 + (i % 18):00},revenue,1,c{i % 9},\n")));
        await using var server = await bench.ServeAsync();
        var before = counted.Requests.Count;

        await server.AnswerAsync("query_analytics", new { metric = "revenue", period = "this_month", group_by = by });

        // The partitions are the imports, the current month, and the month of the previous period.
        Assert.Equal(operations, counted.Requests.Count - before);
    }

    private static string Name(JsonElement group) => group.GetProperty("name").GetString()!;

    private static (decimal Sum, int Events) Amount(JsonElement amount) =>
        (amount.GetProperty("sum").GetDecimal(), amount.GetProperty("events").GetInt32());
}
