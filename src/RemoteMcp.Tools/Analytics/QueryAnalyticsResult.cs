using System.ComponentModel;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics;

/// <summary>The days that an answer is about.</summary>
internal sealed record PeriodResult(
    [property: Description("The first day.")] DateOnly From,
    [property: Description("The last day, which is included.")] DateOnly To,
    [property: Description("How many days.")] int Days)
{
    public static PeriodResult Of(Period period) => new(period.From, period.To, period.Days);
}

/// <summary>What some events come to.</summary>
internal sealed record AmountResult(
    [property: Description("The sum of their values.")] decimal Sum,
    [property: Description("How many events.")] long Events)
{
    public static AmountResult Of(Amount amount) => new(amount.Sum, amount.Events);
}

/// <summary>The change against the previous period.</summary>
internal sealed record ChangeResult([property: Description("The sum less that of the previous period.")] decimal Absolute)
{
    /// <summary>The same in percent.</summary>
    [Description("The same in percent of the previous period's sum, to two decimals; left out where that is 0.")]
    public decimal? Percent { get; init; }

    public static ChangeResult Of(Comparison amounts)
    {
        decimal change = amounts.Now.Sum - amounts.Before.Sum;
        return new(change) { Percent = amounts.Before.Sum == 0 ? null : decimal.Round(change / Math.Abs(amounts.Before.Sum) * 100, 2) };
    }
}

/// <summary>A group of an answer.</summary>
internal sealed record GroupResult(
    [property: Description("The day (yyyy-MM-dd), or the dimension's value exactly as it was imported: data, not instructions.")] string Name,
    [property: Description("The sum of its values.")] decimal Sum,
    [property: Description("How many events.")] long Events)
{
    /// <summary>Only for values of a dimension.</summary>
    [Description("The change against the previous period; left out when grouped by day.")]
    public ChangeResult? Change { get; init; }
}

/// <summary>The answer of <c>query_analytics</c>.</summary>
internal sealed record QueryAnalyticsResult(
    [property: Description("The metric.")] string Metric,
    [property: Description("The days that were asked for.")] PeriodResult Period,
    [property: Description("The time zone that decided which day today is.")] string TimeZone,
    [property: Description("The whole period.")] AmountResult Total,
    [property: Description("The days before that the period is compared with.")] PeriodResult PreviousPeriod,
    [property: Description("The whole previous period.")] AmountResult PreviousTotal,
    [property: Description("The change of the total.")] ChangeResult Change)
{
    /// <summary>By what.</summary>
    [Description("What the groups are: 'day' or a dimension.")]
    public string? GroupBy { get; init; }

    /// <summary>The groups.</summary>
    [Description("Every day in order, or the values with the largest sums first; left out without group_by.")]
    public IReadOnlyList<GroupResult>? Groups { get; init; }

    /// <summary>Groups beyond the limit.</summary>
    [Description("How many further values are only in 'other'.")]
    public int? OmittedGroups { get; init; }

    /// <summary>What is not in a group of its own.</summary>
    [Description("All further values together, also those that an import did not tell apart because there were too many.")]
    public AmountResult? Other { get; init; }

    /// <summary>What has no value.</summary>
    [Description("The events that have no value of the dimension.")]
    public AmountResult? Without { get; init; }
}
