using System.Globalization;
using ModelContextProtocol;
using RemoteMcp.Tools.Analytics;
using Xunit;

namespace RemoteMcp.Tests.Analytics;

/// <summary>Tests which days belong to a period.</summary>
public sealed class PeriodTests
{
    [Theory]
    [InlineData("2026-03-18", "today", "2026-03-18", "2026-03-18")]
    [InlineData("2026-03-01", "yesterday", "2026-02-28", "2026-02-28")]
    [InlineData("2028-03-01", "yesterday", "2028-02-29", "2028-02-29")]
    [InlineData("2026-01-01", "yesterday", "2025-12-31", "2025-12-31")]
    [InlineData("2026-03-18", "this_week", "2026-03-16", "2026-03-18")]
    [InlineData("2026-03-16", "this_week", "2026-03-16", "2026-03-16")]
    [InlineData("2026-03-22", "this_week", "2026-03-16", "2026-03-22")]
    [InlineData("2026-01-01", "this_week", "2025-12-29", "2026-01-01")]
    [InlineData("2026-01-04", "last_week", "2025-12-22", "2025-12-28")]
    [InlineData("2026-03-31", "this_month", "2026-03-01", "2026-03-31")]
    [InlineData("2026-03-31", "last_month", "2026-02-01", "2026-02-28")]
    [InlineData("2028-03-31", "last_month", "2028-02-01", "2028-02-29")]
    [InlineData("2026-01-15", "last_month", "2025-12-01", "2025-12-31")]
    [InlineData("2026-01-15", " Last_Month ", "2025-12-01", "2025-12-31")]
    [InlineData("2026-01-15", "2025-01-01..2026-02-04", "2025-01-01", "2026-02-04")]
    [InlineData("2026-01-15", "2026-03-01 .. 2026-03-01", "2026-03-01", "2026-03-01")]
    public void Period_names_and_ranges_give_calendar_days(string today, string text, string from, string to) =>
        Assert.Equal(new Period(Day(from), Day(to)), Period.Parse(text, Day(today)));

    [Theory]
    [InlineData("", "last_week")]
    [InlineData("tomorrow", "period: unknown period 'tomorrow'")]
    [InlineData("2026-03-01", "2026-03-01..2026-03-31")]
    [InlineData("2026-02-29..2026-03-01", "from..to")]
    [InlineData("2026-03-01...2026-03-05", "from..to")]
    [InlineData("01.03.2026..31.03.2026", "from..to")]
    [InlineData("2026-03-02..2026-03-01", "earlier day first")]
    [InlineData("2025-01-01..2026-02-05", "at most 400 days")]
    [InlineData("1999-12-31..2000-01-01", "2000-01-01 to 2099-12-31")]
    [InlineData("0001-01-01..0001-01-02", "2000-01-01 to 2099-12-31")]
    [InlineData("9999-12-30..9999-12-31", "2000-01-01 to 2099-12-31")]
    [InlineData("..", "from..to")]
    [InlineData("\u202Etoday", "\\u202E")]
    public void Invalid_period_gets_an_error_with_the_remedy(string text, string remedy) =>
        Assert.Contains(remedy, Assert.Throws<McpException>(() => Period.Parse(text, Day("2026-03-18"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-03-01..2026-03-31", "2026-01-29", "2026-02-28")]
    [InlineData("2026-03-18..2026-03-18", "2026-03-17", "2026-03-17")]
    [InlineData("2028-03-01..2028-03-02", "2028-02-28", "2028-02-29")]
    public void Previous_period_has_the_same_number_of_days_directly_before(string text, string from, string to) =>
        Assert.Equal(new Period(Day(from), Day(to)), Period.Parse(text, Day("2026-03-18")).Previous);

    [Theory]
    [InlineData("2026-03-16", "today", "2026-03-15", "2026-03-15")]
    [InlineData("2026-03-16", "this_week", "2026-03-09", "2026-03-09")]
    [InlineData("2026-03-22", "this_week", "2026-03-09", "2026-03-15")]
    [InlineData("2026-01-01", "last_week", "2025-12-15", "2025-12-21")]
    [InlineData("2026-03-01", "this_month", "2026-02-01", "2026-02-01")]
    [InlineData("2026-03-31", "this_month", "2026-02-01", "2026-02-28")]
    [InlineData("2028-03-30", "this_month", "2028-02-01", "2028-02-29")]
    [InlineData("2026-02-28", "this_month", "2026-01-01", "2026-01-28")]
    [InlineData("2026-03-31", "last_month", "2026-01-01", "2026-01-31")]
    [InlineData("2026-01-15", " Last_Month ", "2025-11-01", "2025-11-30")]
    [InlineData("2026-04-15", "2026-03-01..2026-03-31", "2026-01-29", "2026-02-28")]
    public void Weeks_and_months_are_compared_with_earlier_weeks_and_months(string today, string text, string from, string to) =>
        Assert.Equal(new Period(Day(from), Day(to)), ComparedPeriod.Parse(text, Day(today)).Previous);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
