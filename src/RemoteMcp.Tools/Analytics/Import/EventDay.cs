using System.Globalization;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>
/// Determines the day on which an event counts. A timestamp with an offset is a moment, and counts on its day in the team's time zone. A
/// timestamp without an offset is local time of the team, and counts on the day in the timestamp.
/// </summary>
internal static class EventDay
{
    private const int DateLength = 10;
    private const int ToSeconds = 19;
    private const int MaxLength = 64;

    // K matches Z, an offset such as +02:00, or nothing.
    private static readonly string[] s_formats =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd' 'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd' 'HH:mmK"];

    /// <summary>Parses an ISO 8601 date, or date and time, and determines its day.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, TimeZoneInfo zone, out DateOnly day)
    {
        if (text.Length <= DateLength)
        {
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
        }

        day = default;
        Span<char> buffer = stackalloc char[MaxLength];
        if (text.Length > MaxLength || !DateTimeOffset.TryParseExact(
            WithoutFraction(text, buffer), s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return false;
        }

        var hasOffset = text[DateLength..].IndexOfAny("Z+-") >= 0;
        day = DateOnly.FromDateTime(hasOffset ? TimeZoneInfo.ConvertTime(moment, zone).DateTime : moment.DateTime);
        return true;
    }

    // Programs write 3, 6 or 9 digits, and .NET reads at most 7. The fraction never changes the day.
    private static ReadOnlySpan<char> WithoutFraction(ReadOnlySpan<char> text, Span<char> buffer)
    {
        if (text.Length <= ToSeconds + 1 || text[ToSeconds] != '.' || !char.IsAsciiDigit(text[ToSeconds + 1]))
        {
            return text;
        }

        var offset = text[(ToSeconds + 1)..].TrimStart("0123456789");
        text[..ToSeconds].CopyTo(buffer);
        offset.CopyTo(buffer[ToSeconds..]);
        return buffer[..(ToSeconds + offset.Length)];
    }
}
