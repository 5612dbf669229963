using ModelContextProtocol;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics;

/// <summary>What a metric came to in a period and in the one before.</summary>
/// <param name="Now">In the period.</param>
/// <param name="Before">In the previous period.</param>
internal readonly record struct Comparison(Amount Now, Amount Before)
{
    public static Comparison operator +(Comparison left, Comparison right) => new(left.Now + right.Now, left.Before + right.Before);

    public static Comparison operator -(Comparison left, Comparison right) => new(left.Now - right.Now, left.Before - right.Before);
}

/// <summary>The numbers that answer a query.</summary>
/// <param name="Total">In all.</param>
/// <param name="Days">Every day of the period, in order.</param>
internal sealed record MetricAnswer(Comparison Total, IReadOnlyList<(DateOnly Day, Amount Amount)> Days)
{
    /// <summary>By value of a dimension, the largest sums first; empty without one.</summary>
    public IReadOnlyList<(string Value, Comparison Amounts)> Groups { get; init; } = [];

    /// <summary>What belongs to values that imports did not tell apart.</summary>
    public Comparison Merged { get; init; }

    /// <summary>What has no value of the dimension.</summary>
    public Comparison Without { get; init; }
}

/// <summary>Adds up the rows of a metric: one range of each month for the totals, and one more for a dimension.</summary>
internal sealed class MetricQuery(DayRows rows)
{
    // A group takes about 200 bytes; what is beyond is no answer for people.
    private const int MaxGroups = 50_000;

    /// <summary>Reads the numbers of a period and of the one that it is compared with.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="period">Both.</param>
    /// <param name="dimension">The dimension to group by, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="McpException">There are more groups than can be added up.</exception>
    public async Task<MetricAnswer> RunAsync(Metric metric, ComparedPeriod period, string? dimension, CancellationToken cancellationToken)
    {
        var days = new Dictionary<DateOnly, Amount>();
        var total = default(Comparison);
        if (new Period(period.Before.From, period.Now.To).Intersect(metric.Days) is not { } span)
        {
            return new MetricAnswer(total, EveryDay(period.Now, days));
        }

        await rows.ReadAsync(metric, "", span, (day, row) =>
        {
            Amount amount = row.Total.GetValueOrDefault();
            total += In(period, day, amount);
            if (period.Now.Contains(day))
            {
                days[day] = days.GetValueOrDefault(day) + amount;
            }
        }, cancellationToken);
        var answer = new MetricAnswer(total, EveryDay(period.Now, days));
        return dimension is null ? answer : await GroupAsync(answer, metric, period, span, dimension, cancellationToken);
    }

    private async Task<MetricAnswer> GroupAsync(
        MetricAnswer answer, Metric metric, ComparedPeriod period, Period span, string dimension, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<string, Comparison>(StringComparer.Ordinal);
        var merged = default(Comparison);
        await rows.ReadAsync(metric, dimension, span, (day, row) =>
        {
            if (!period.Now.Contains(day) && !period.Before.Contains(day))
            {
                return;
            }

            merged += In(period, day, row.Other.GetValueOrDefault());
            foreach ((string value, Amount amount) in row.Values ?? new Dictionary<string, Amount>())
            {
                groups[value] = groups.GetValueOrDefault(value) + In(period, day, amount);
            }

            if (groups.Count > MaxGroups)
            {
                throw new McpException($"group_by: {dimension} has more than {MaxGroups} values in that time. Ask for a shorter period or group by something else.");
            }
        }, cancellationToken);
        var within = groups.Values.Aggregate(merged, static (sum, group) => sum + group);
        return answer with
        {
            Groups = [.. groups.Select(group => (group.Key, group.Value))
                .OrderByDescending(group => group.Value.Now.Sum).ThenByDescending(group => group.Value.Before.Sum).ThenBy(group => group.Key, StringComparer.Ordinal)],
            Merged = merged,
            Without = answer.Total - within,
        };
    }

    // Between the two there can be days of neither.
    private static Comparison In(ComparedPeriod period, DateOnly day, Amount amount) =>
        period.Now.Contains(day) ? new(amount, default) : period.Before.Contains(day) ? new(default, amount) : default;

    private static List<(DateOnly, Amount)> EveryDay(Period period, Dictionary<DateOnly, Amount> days) =>
        [.. Enumerable.Range(0, period.Days).Select(i => period.From.AddDays(i)).Select(day => (day, days.GetValueOrDefault(day)))];
}
