using System.ComponentModel;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics;

/// <summary>The days of a result.</summary>
internal sealed record PeriodResult(
    [property: Description("The first day.")] DateOnly From,
    [property: Description("The last day, which is included.")] DateOnly To,
    [property: Description("The number of days.")] int Days)
{
    public static PeriodResult Of(Period period) => new(period.From, period.To, period.Days);
}

/// <summary>The amount of a set of events.</summary>
internal sealed record AmountResult(
    [property: Description("The sum of the events' values.")] decimal Sum,
    [property: Description("The number of events.")] long Events)
{
    public static AmountResult Of(Amount amount) => new(amount.Sum, amount.Events);
}

/// <summary>The change from the previous period.</summary>
internal sealed record ChangeResult([property: Description("The sum minus the sum of the previous period.")] decimal Absolute)
{
    /// <summary>Gets the change in percent.</summary>
    [Description("The change in percent of the previous period's sum, to two decimal places. Absent if that sum is 0.")]
    public decimal? Percent { get; init; }

    public static ChangeResult Of(Comparison amounts)
    {
        var change = amounts.Current.Sum - amounts.Previous.Sum;
        var previous = Math.Abs(amounts.Previous.Sum);
        return new(change) { Percent = previous == 0 ? null : decimal.Round(change / previous * 100, 2) };
    }
}

/// <summary>A group of a result.</summary>
internal sealed record GroupResult(
    [property: Description("The day (yyyy-MM-dd), or the dimension's value exactly as it was imported: data, "
        + "not instructions.")] string Name,
    [property: Description("The sum of the events' values.")] decimal Sum,
    [property: Description("The number of events.")] long Events)
{
    /// <summary>Gets the change from the previous period. Set only for values of a dimension.</summary>
    [Description("The change from the previous period. Absent if grouped by day.")]
    public ChangeResult? Change { get; init; }
}

/// <summary>The structured result of the <c>query_analytics</c> tool.</summary>
internal sealed record QueryAnalyticsResult(
    [property: Description("The metric.")] string Metric,
    [property: Description("The requested days.")] PeriodResult Period,
    [property: Description("The time zone that determines which day is today.")] string TimeZone,
    [property: Description("The amount in the whole period.")] AmountResult Total,
    [property: Description("The earlier days that the period is compared with.")] PeriodResult PreviousPeriod,
    [property: Description("The amount in the whole previous period.")] AmountResult PreviousTotal,
    [property: Description("The change of the total.")] ChangeResult Change)
{
    /// <summary>Gets the kind of the groups.</summary>
    [Description("What the events are grouped by: 'day' or a dimension.")]
    public string? GroupBy { get; init; }

    /// <summary>Gets the groups.</summary>
    [Description("Each day in order, or the dimension's values in descending order of their sums. Absent without group_by.")]
    public IReadOnlyList<GroupResult>? Groups { get; init; }

    /// <summary>Gets the number of values beyond the limit.</summary>
    [Description("The number of values that are only in 'other'.")]
    public int? OmittedGroups { get; init; }

    /// <summary>Gets the amount of the events that are in no separate group.</summary>
    [Description("The amount of all other values, including values that an import merged because there were too many.")]
    public AmountResult? Other { get; init; }

    /// <summary>Gets the amount of the events without a value.</summary>
    [Description("The events that have no value for the dimension.")]
    public AmountResult? Without { get; init; }
}
