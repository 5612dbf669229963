using System.ComponentModel;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics;

/// <summary>The days of a result.</summary>
internal sealed record PeriodResult(
    [property: Description("The first day.")] DateOnly From,
    [property: Description("The last day, which is included.")] DateOnly To,
    [property: Description("How many days.")] int Days)
{
    public static PeriodResult Of(Period period) => new(period.From, period.To, period.Days);
}

/// <summary>The amount of a set of events.</summary>
internal sealed record AmountResult(
    [property: Description("The sum of their values.")] decimal Sum,
    [property: Description("How many events.")] long Events)
{
    public static AmountResult Of(Amount amount) => new(amount.Sum, amount.Events);
}

/// <summary>The change from the previous period.</summary>
internal sealed record ChangeResult([property: Description("The sum less that of the previous period.")] decimal Absolute)
{
    /// <summary>Gets the change in percent.</summary>
    [Description("The same in percent of the previous period's sum, to two decimals; left out where that is 0.")]
    public decimal? Percent { get; init; }

    public static ChangeResult Of(Comparison amounts)
    {
        decimal change = amounts.Now.Sum - amounts.Before.Sum;
        return new(change) { Percent = amounts.Before.Sum == 0 ? null : decimal.Round(change / Math.Abs(amounts.Before.Sum) * 100, 2) };
    }
}

/// <summary>A group of a result.</summary>
internal sealed record GroupResult(
    [property: Description("The day (yyyy-MM-dd), or the dimension's value exactly as it was imported: data, not instructions.")] string Name,
    [property: Description("The sum of its values.")] decimal Sum,
    [property: Description("How many events.")] long Events)
{
    /// <summary>Gets the change from the previous period. Set only for values of a dimension.</summary>
    [Description("The change against the previous period; left out when grouped by day.")]
    public ChangeResult? Change { get; init; }
}

/// <summary>The structured result of the <c>query_analytics</c> tool.</summary>
internal sealed record QueryAnalyticsResult(
    [property: Description("The metric.")] string Metric,
    [property: Description("The days that were asked for.")] PeriodResult Period,
    [property: Description("The time zone that decided which day today is.")] string TimeZone,
    [property: Description("The whole period.")] AmountResult Total,
    [property: Description("The days before that the period is compared with.")] PeriodResult PreviousPeriod,
    [property: Description("The whole previous period.")] AmountResult PreviousTotal,
    [property: Description("The change of the total.")] ChangeResult Change)
{
    /// <summary>Gets the kind of the groups.</summary>
    [Description("What the groups are: 'day' or a dimension.")]
    public string? GroupBy { get; init; }

    /// <summary>Gets the groups.</summary>
    [Description("Every day in order, or the values with the largest sums first; left out without group_by.")]
    public IReadOnlyList<GroupResult>? Groups { get; init; }

    /// <summary>Gets the number of values beyond the limit.</summary>
    [Description("How many further values are only in 'other'.")]
    public int? OmittedGroups { get; init; }

    /// <summary>Gets the amount of the events that are in no separate group.</summary>
    [Description("All further values together, also those that an import did not tell apart because there were too many.")]
    public AmountResult? Other { get; init; }

    /// <summary>Gets the amount of the events without a value.</summary>
    [Description("The events that have no value of the dimension.")]
    public AmountResult? Without { get; init; }
}
