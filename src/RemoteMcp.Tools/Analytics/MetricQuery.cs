using ModelContextProtocol;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics;

/// <summary>The amounts of a metric in a period, and in the previous period that it is compared with.</summary>
/// <param name="Current">The amount in the period.</param>
/// <param name="Previous">The amount in the previous period.</param>
internal readonly record struct Comparison(Amount Current, Amount Previous)
{
    public static Comparison operator +(Comparison left, Comparison right) =>
        new(left.Current + right.Current, left.Previous + right.Previous);

    public static Comparison operator -(Comparison left, Comparison right) =>
        new(left.Current - right.Current, left.Previous - right.Previous);
}

/// <summary>The result of a query.</summary>
/// <param name="Total">The total amounts.</param>
/// <param name="Days">Every day of the period, in order.</param>
internal sealed record MetricAnswer(Comparison Total, IReadOnlyList<(DateOnly Day, Amount Amount)> Days)
{
    /// <summary>Gets the amounts by value of a dimension, with the largest sums first. Empty without a dimension.</summary>
    public IReadOnlyList<(string Value, Comparison Amounts)> Groups { get; init; } = [];

    /// <summary>Gets the amounts of the values that an import added up together, because the dimension has too many values.</summary>
    public Comparison Merged { get; init; }

    /// <summary>Gets the amounts of events that have no value of the dimension.</summary>
    public Comparison WithoutValue { get; init; }
}

/// <summary>Adds up the rows of a metric. Reads one range of each month for the totals, and another one for a dimension.</summary>
internal sealed class MetricQuery(DayRows rows)
{
    // A group takes about 200 bytes. A result with more groups is of no use to people.
    private const int MaxGroups = 50_000;

    /// <summary>Reads the amounts of a period and of the period that it is compared with.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="period">The two periods.</param>
    /// <param name="dimension">The dimension to group by, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <exception cref="McpException">There are more groups than the query can add up.</exception>
    public async Task<MetricAnswer> RunAsync(Metric metric, ComparedPeriod period, string? dimension, CancellationToken cancellationToken)
    {
        var days = new Dictionary<DateOnly, Amount>();
        var total = default(Comparison);
        if (new Period(period.Previous.From, period.Current.To).Intersect(metric.Days) is not { } span)
        {
            return new MetricAnswer(total, EveryDay(period.Current, days));
        }

        await rows.ReadAsync(metric, "", span, (day, row) =>
        {
            var amount = row.Total.GetValueOrDefault();
            total += ToComparison(period, day, amount);
            if (period.Current.Contains(day))
            {
                days[day] = days.GetValueOrDefault(day) + amount;
            }
        }, cancellationToken);
        var answer = new MetricAnswer(total, EveryDay(period.Current, days));
        return dimension is null ? answer : await GroupAsync(answer, metric, period, span, dimension, cancellationToken);
    }

    private async Task<MetricAnswer> GroupAsync(
        MetricAnswer answer, Metric metric, ComparedPeriod period, Period span, string dimension, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<string, Comparison>(StringComparer.Ordinal);
        var merged = default(Comparison);
        await rows.ReadAsync(metric, dimension, span, (day, row) =>
        {
            if (!period.Current.Contains(day) && !period.Previous.Contains(day))
            {
                return;
            }

            merged += ToComparison(period, day, row.Other.GetValueOrDefault());
            foreach ((var value, var amount) in row.Values ?? new Dictionary<string, Amount>())
            {
                groups[value] = groups.GetValueOrDefault(value) + ToComparison(period, day, amount);
            }

            if (groups.Count > MaxGroups)
            {
                throw new McpException($"group_by: {dimension} has more than {MaxGroups} values in that period. Use a shorter period, or "
                    + "group by something else.");
            }
        }, cancellationToken);
        var withValue = groups.Values.Aggregate(merged, static (sum, group) => sum + group);
        return answer with
        {
            Groups = [.. groups.Select(group => (group.Key, group.Value))
                .OrderByDescending(group => group.Value.Current.Sum)
                .ThenByDescending(group => group.Value.Previous.Sum)
                .ThenBy(group => group.Key, StringComparer.Ordinal)],
            Merged = merged,
            WithoutValue = answer.Total - withValue,
        };
    }

    // The amount counts for the period that contains the day. There can be days between the two periods that belong to neither.
    private static Comparison ToComparison(ComparedPeriod period, DateOnly day, Amount amount) =>
        period.Current.Contains(day) ? new(amount, default) : period.Previous.Contains(day) ? new(default, amount) : default;

    private static List<(DateOnly, Amount)> EveryDay(Period period, Dictionary<DateOnly, Amount> days) =>
        [.. Enumerable.Range(0, period.Days).Select(i => period.From.AddDays(i)).Select(day => (day, days.GetValueOrDefault(day)))];
}
