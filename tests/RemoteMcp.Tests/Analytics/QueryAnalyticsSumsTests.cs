using System.Globalization;
using System.Text.Json;
using Xunit;

namespace RemoteMcp.Tests.Analytics;

/// <summary>
/// Compares the sums of <c>query_analytics</c> with sums that the test calculates from the same events. The current day is
/// 18 March 2026.
/// </summary>
public sealed class QueryAnalyticsSumsTests : IDisposable
{
    private readonly AnalyticsBench _bench = new();

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string, string, string, string, string, string> Golden => new()
    {
        { "revenue", "this_month", "2026-03-01", "2026-03-18", "2026-02-01", "2026-02-18" },
        { "revenue", "last_month", "2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31" },
        { "revenue", "this_week", "2026-03-16", "2026-03-18", "2026-03-09", "2026-03-11" },
        { "pageviews", "last_week", "2026-03-09", "2026-03-15", "2026-03-02", "2026-03-08" },
        { "pageviews", "today", "2026-03-18", "2026-03-18", "2026-03-17", "2026-03-17" },
        { "pageviews", "yesterday", "2026-03-17", "2026-03-17", "2026-03-16", "2026-03-16" },
        { "signups", "2025-12-15..2026-01-14", "2025-12-15", "2026-01-14", "2025-11-14", "2025-12-14" },
    };

    [Theory, MemberData(nameof(Golden))]
    public async Task Sums_by_day_and_by_dimension_match_the_events(
        string metric, string period, string from, string to, string before, string end)
    {
        // The events are in two files, so the query must add the values of both.
        var samples = Samples();
        await _bench.ImportAsync(Csv(samples.Where((_, i) => i % 3 == 0)));
        await _bench.ImportAsync(Csv(samples.Where((_, i) => i % 3 != 0)));
        await using var server = await _bench.ServeAsync();
        List<Sample> now = [.. samples.Where(s => s.Metric == metric && s.Day.CompareTo(from) >= 0 && s.Day.CompareTo(to) <= 0)];
        List<Sample> previous = [.. samples.Where(s => s.Metric == metric && s.Day.CompareTo(before) >= 0 && s.Day.CompareTo(end) <= 0)];
        var change = now.Sum(s => s.Value) - previous.Sum(s => s.Value);

        var byDay = await server.AnswerAsync("query_analytics", new { metric, period, group_by = "day" });
        Assert.Equal(
            (from, to),
            (byDay.GetProperty("period").GetProperty("from").GetString(), byDay.GetProperty("period").GetProperty("to").GetString()));
        var previousPeriod = byDay.GetProperty("previous_period");
        Assert.Equal((before, end), (previousPeriod.GetProperty("from").GetString(), previousPeriod.GetProperty("to").GetString()));
        Assert.Equal((now.Sum(s => s.Value), now.Count), Amount(byDay.GetProperty("total")));
        Assert.Equal((previous.Sum(s => s.Value), previous.Count), Amount(byDay.GetProperty("previous_total")));
        Assert.Equal(change, byDay.GetProperty("change").GetProperty("absolute").GetDecimal());
        Assert.Equal(
            Math.Round(change / previous.Sum(s => s.Value) * 100, 2), byDay.GetProperty("change").GetProperty("percent").GetDecimal());
        JsonElement[] days = [.. byDay.GetProperty("groups").EnumerateArray()];
        Assert.Equal(byDay.GetProperty("period").GetProperty("days").GetInt32(), days.Length);
        Assert.All(
            days,
            day => Assert.Equal((now.Where(s => s.Day == Name(day)).Sum(s => s.Value), now.Count(s => s.Day == Name(day))), Amount(day)));

        var byCountry = await server.AnswerAsync("query_analytics", new { metric, period, group_by = "country" });
        Assert.Equal(
            now.Concat(previous).Where(s => s.Country != "").GroupBy(s => s.Country)
                .Select(g => (
                    g.Key,
                    Sum: g.Where(now.Contains).Sum(s => s.Value),
                    Change: g.Where(now.Contains).Sum(s => s.Value) - g.Where(previous.Contains).Sum(s => s.Value)))
                .OrderByDescending(g => g.Sum).ThenBy(g => g.Key, StringComparer.Ordinal),
            byCountry.GetProperty("groups").EnumerateArray()
                .Select(g => (Name(g), Amount(g).Sum, g.GetProperty("change").GetProperty("absolute").GetDecimal())));
        Assert.Equal(
            (now.Where(s => s.Country == "").Sum(s => s.Value), now.Count(s => s.Country == "")),
            byCountry.TryGetProperty("without", out var without) ? Amount(without) : (0, 0));
    }

    private static string Name(JsonElement group) => group.GetProperty("name").GetString()!;

    private static (decimal Sum, int Events) Amount(JsonElement amount) =>
        (amount.GetProperty("sum").GetDecimal(), amount.GetProperty("events").GetInt32());

    private static List<Sample> Samples()
    {
        var random = new Random(20260318);
        string[] metrics = ["revenue", "pageviews", "signups"];
        string[] countries = ["DE", "US", "Korea, South", "say \"hi\"", ""];
        return [.. Enumerable.Range(0, 4000).Select(_ => new Sample(
            new DateOnly(2025, 10, 1).AddDays(random.Next(175)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            metrics[random.Next(metrics.Length)], random.Next(-500, 100_000) / 100m, countries[random.Next(countries.Length)]))];
    }

    private static string Csv(IEnumerable<Sample> samples) =>
        AnalyticsBench.Header + string.Concat(samples.Select(s => string.Create(
            CultureInfo.InvariantCulture,
            $"{s.Day}T08:00:00Z,{s.Metric},{s.Value},\"{s.Country.Replace("\"", "\"\"", StringComparison.Ordinal)}\",\n")));

    // This is a class and not a record, because two events with the same values are different events.
    private sealed class Sample(string day, string metric, decimal value, string country)
    {
        public string Day { get; } = day;

        public string Metric { get; } = metric;

        public decimal Value { get; } = value;

        public string Country { get; } = country;
    }
}
