using ModelContextProtocol;

namespace RemoteMcp.Tools.Analytics;

/// <summary>The days of a query, and the days that they are compared with.</summary>
/// <param name="Current">The requested days.</param>
/// <param name="Previous">The earlier days that they are compared with.</param>
internal readonly record struct ComparedPeriod(Period Current, Period Previous)
{
    /// <summary>The rule for the comparison, as text for users.</summary>
    public const string Rule = "weeks are compared with the same weekdays of the week before, "
        + "this_month with the same days of the month before, last_month with the whole month before, "
        + "and all other periods with the same number of days directly before";

    private const int Week = 7;

    /// <summary>Creates a comparison with the same number of days directly before.</summary>
    public static ComparedPeriod Of(Period current) => new(current, current.Previous);

    /// <summary>
    /// Parses the argument of a tool. A week is compared with the same weekdays, and a month with the same days of the month, so that for
    /// example a Monday is not compared with a Sunday.
    /// </summary>
    /// <exception cref="McpException">The text is not a period. The message lists the valid values.</exception>
    public static ComparedPeriod Parse(string text, DateOnly today)
    {
        var current = Period.Parse(text, today);
        return text.Trim().ToLowerInvariant() switch
        {
            "this_week" or "last_week" => new(current, new Period(current.From.AddDays(-Week), current.To.AddDays(-Week))),
            // The 31st is compared with the last day of a shorter month.
            "this_month" => new(current, new Period(current.From.AddMonths(-1), current.To.AddMonths(-1))),
            "last_month" => new(current, new Period(current.From.AddMonths(-1), current.From.AddDays(-1))),
            _ => Of(current),
        };
    }
}
