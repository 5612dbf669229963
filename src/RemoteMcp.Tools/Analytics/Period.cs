using System.Globalization;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Analytics;

/// <summary>A range of calendar days. Both ends are included.</summary>
internal readonly record struct Period(DateOnly From, DateOnly To)
{
    /// <summary>The maximum number of days of a query.</summary>
    public const int MaxDays = 400;

    /// <summary>The values that <see cref="Parse"/> accepts, as text for users.</summary>
    public const string Rule = "today, yesterday, this_week, last_week, this_month, last_month, or from..to such as 2026-03-01..2026-03-31";

    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>The first supported day.</summary>
    public static readonly DateOnly First = new(2000, 1, 1);

    /// <summary>The last supported day.</summary>
    public static readonly DateOnly Last = new(2099, 12, 31);

    /// <summary>Gets the number of days.</summary>
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>Gets the period with the same number of days directly before this one.</summary>
    public Period Previous => new(From.AddDays(-Days), From.AddDays(-1));

    /// <summary>Parses the argument of a tool. Weeks start on Monday. This week and this month end today.</summary>
    /// <exception cref="McpException">The text is not a period. The message lists the valid values.</exception>
    public static Period Parse(string text, DateOnly today) => text.Trim().ToLowerInvariant() switch
    {
        "today" => new(today, today),
        "yesterday" => new(today.AddDays(-1), today.AddDays(-1)),
        "this_week" => new(Monday(today), today),
        "last_week" => new(Monday(today).AddDays(-7), Monday(today).AddDays(-1)),
        "this_month" => new(FirstOfMonth(today), today),
        "last_month" => new(FirstOfMonth(today).AddMonths(-1), FirstOfMonth(today).AddDays(-1)),
        var range => ParseRange(range),
    };

    /// <summary>Returns the first day of each month that the period includes or overlaps.</summary>
    public IEnumerable<DateOnly> Months()
    {
        for (var month = FirstOfMonth(From); month <= To; month = month.AddMonths(1))
        {
            yield return month;
        }
    }

    /// <summary>Returns the days that two periods have in common.</summary>
    /// <returns>The common days, or <see langword="null"/> if there are none.</returns>
    public Period? Intersect(Period other)
    {
        var common = new Period(From > other.From ? From : other.From, To < other.To ? To : other.To);
        return common.Days > 0 ? common : null;
    }

    /// <summary>Returns whether the period includes a day.</summary>
    public bool Contains(DateOnly day) => day >= From && day <= To;

    /// <summary>Returns the period as text for users.</summary>
    public override string ToString() => From == To ? Text(From) : $"{Text(From)} to {Text(To)}";

    /// <summary>Returns a day in the format of ISO 8601.</summary>
    public static string Text(DateOnly day) => day.ToString(DateFormat, CultureInfo.InvariantCulture);

    private static Period ParseRange(string text)
    {
        var ends = text.Split("..", 2);
        if (ends.Length != 2 || !TryParseDay(ends[0], out var from) || !TryParseDay(ends[1], out var to))
        {
            throw new McpException($"period: unknown period {SafeText.Quote(text)}. Use {Rule}.");
        }

        if (from > to)
        {
            throw new McpException($"period: {Text(from)} is after {Text(to)}. Put the earlier day first.");
        }

        if (from < First || to > Last)
        {
            throw new McpException($"period: {Text(from)} to {Text(to)} is out of range. Use days from {Text(First)} to {Text(Last)}.");
        }

        var period = new Period(from, to);
        return period.Days <= MaxDays ? period
            : throw new McpException($"period: has {period.Days} days. Use at most {MaxDays} days. For more days, use several calls.");
    }

    private static bool TryParseDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text.Trim(), DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);
}
