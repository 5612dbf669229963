using RemoteMcp.Tools.Analytics;
using RemoteMcp.Tools.Analytics.Import;
using Xunit;

namespace RemoteMcp.Tests.Analytics;

/// <summary>Tests on which day an event counts.</summary>
public sealed class EventDayTests
{
    [Theory]
    [InlineData("UTC", "2026-03-01", "2026-03-01")]
    [InlineData("Pacific/Kiritimati", "2026-03-01", "2026-03-01")]
    [InlineData("UTC", "2026-03-01T23:59:59Z", "2026-03-01")]
    [InlineData("Europe/Berlin", "2026-03-01T23:30:00Z", "2026-03-02")]
    [InlineData("Europe/Berlin", "2026-03-01T23:30:00", "2026-03-01")]
    [InlineData("Europe/Berlin", "2026-03-01 23:30", "2026-03-01")]
    [InlineData("America/New_York", "2026-03-01T02:00:00+02:00", "2026-02-28")]
    // The start of daylight saving time skips an hour, and its end repeats an hour.
    [InlineData("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29")]
    [InlineData("Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-28")]
    [InlineData("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29")]
    [InlineData("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29")]
    [InlineData("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30")]
    [InlineData("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25")]
    [InlineData("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25")]
    [InlineData("Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26")]
    [InlineData("UTC", "2026-01-01T00:00:00.5+00:30", "2025-12-31")]
    [InlineData("UTC", "2026-03-01T10:00:00.123456789Z", "2026-03-01")]
    [InlineData("UTC", "2026-03-01 10:00:00.123-11:00", "2026-03-01")]
    [InlineData("Pacific/Kiritimati", "9999-12-31T23:59:59Z", "9999-12-31")]
    public void Time_with_offset_counts_on_the_teams_day_and_local_time_on_its_own_day(string zone, string timestamp, string day)
    {
        Assert.True(EventDay.TryParse(timestamp, TimeZoneInfo.FindSystemTimeZoneById(zone), out var parsed));
        Assert.Equal(day, Period.Text(parsed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-3-1")]
    [InlineData("01/03/2026")]
    [InlineData("2026-02-30")]
    [InlineData("2026-03-01T25:00:00Z")]
    [InlineData("2026-03-01T10:00:60Z")]
    [InlineData("2026-03-01T10:00:00.Z")]
    [InlineData("2026-03-01T10:00:00+99:00")]
    [InlineData("2026-03-01T10:00:00 Europe/Berlin")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("1772352000")]
    [InlineData("2026-03-01T10:00:00.0000000000000000000000000000000000000000000000000000000000000000000Z")]
    public void Timestamp_that_is_not_ISO_8601_is_refused(string timestamp) =>
        Assert.False(EventDay.TryParse(timestamp, TimeZoneInfo.Utc, out _));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-3.50", "-3.50")]
    [InlineData("+7", "7")]
    [InlineData(".5", "0.5")]
    [InlineData("999999999999.999999", "999999999999.999999")]
    [InlineData("1.0000000000000", "1.0000000000000")]
    public void Numbers_are_exact(string text, string value)
    {
        Assert.True(EventValue.TryParse(text, out var parsed));
        Assert.Equal(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-∞")]
    [InlineData("1e5")]
    [InlineData("1,000")]
    [InlineData("1.000.000")]
    [InlineData("$5")]
    [InlineData("(5)")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("--1")]
    [InlineData("=1+1")]
    [InlineData("1000000000000")]
    [InlineData("-1000000000000")]
    [InlineData("0.1234567")]
    [InlineData("1.0000000000000000000000000000000001")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("00000000000000000000000000000000000000001")]
    public void Value_that_is_not_a_number_or_would_lose_digits_is_refused(string text) => Assert.False(EventValue.TryParse(text, out _));
}
