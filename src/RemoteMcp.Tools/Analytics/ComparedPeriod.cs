using ModelContextProtocol;

namespace RemoteMcp.Tools.Analytics;

/// <summary>The days of a query, and those that they are compared with.</summary>
/// <param name="Now">The days that are asked for.</param>
/// <param name="Before">Days before them.</param>
internal readonly record struct ComparedPeriod(Period Now, Period Before)
{
    /// <summary>The rule, for people.</summary>
    public const string Rule = "weeks are compared with the same weekdays of the week before, this_month with the same days of the month before, last_month with the whole month before, "
        + "everything else with as many days directly before";

    private const int Week = 7;

    /// <summary>Days, and as many directly before.</summary>
    public static ComparedPeriod Of(Period now) => new(now, now.Previous);

    /// <summary>Reads the argument of a tool: a week is compared with weekdays and a month with days of the month like its own, which a Monday and a Sunday are not.</summary>
    /// <exception cref="McpException">It is no period; the message says what is.</exception>
    public static ComparedPeriod Parse(string text, DateOnly today)
    {
        Period now = Period.Parse(text, today);
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
