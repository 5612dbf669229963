using ModelContextProtocol;

namespace RemoteMcp.Tools.Analytics;

/// <summary>The days of a query, and the days that they are compared with.</summary>
/// <param name="Now">The requested days.</param>
/// <param name="Before">The earlier days that they are compared with.</param>
internal readonly record struct ComparedPeriod(Period Now, Period Before)
{
    /// <summary>The rule for the comparison, as text for users.</summary>
    public const string Rule = "weeks are compared with the same weekdays of the week before, "
        + "this_month with the same days of the month before, last_month with the whole month before, "
        + "and all other periods with the same number of days directly before";

    private const int Week = 7;

    /// <summary>Creates a comparison with the same number of days directly before.</summary>
    public static ComparedPeriod Of(Period now) => new(now, now.Previous);

    /// <summary>
    /// Parses the argument of a tool. A week is compared with the same weekdays, and a month with the same days of the month, so that for
    /// example a Monday is not compared with a Sunday.
    /// </summary>
    /// <exception cref="McpException">The text is not a period. The message lists the valid values.</exception>
    public static ComparedPeriod Parse(string text, DateOnly today)
    {
        var now = Period.Parse(text, today);
        return text.Trim().ToLowerInvariant() switch
        {
            "this_week" or "last_week" => new(now, new Period(now.From.AddDays(-Week), now.To.AddDays(-Week))),
            // The 31st is compared with the last day of a shorter month.
            "this_month" => new(now, new Period(now.From.AddMonths(-1), now.To.AddMonths(-1))),
            "last_month" => new(now, new Period(now.From.AddMonths(-1), now.From.AddDays(-1))),
            _ => Of(now),
        };
    }
}
