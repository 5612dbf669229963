using System.Globalization;
using System.Xml;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure;

/// <summary>The time range of a query, in UTC. The start is included.</summary>
internal sealed record TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The values that <see cref="Parse"/> accepts, as text for users.</summary>
    public const string Rule = "an ISO 8601 duration that ends now, such as PT1H, P1D or P7D; or a start and an end, separated by a "
        + "slash, such as 2026-01-31T08:00Z/2026-01-31T20:00Z (one of them can be a duration)";

    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Returns the range in the format of Azure.</summary>
    public override string ToString() => $"{Text(From)}/{Text(To)}";

    /// <summary>Returns a time in the format of the tools.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Parses the argument <c>timespan</c>.</summary>
    /// <exception cref="McpException">The text is not a time range, or the range is longer than <paramref name="maxLength"/>.</exception>
    public static TimeRange Parse(string text, DateTimeOffset now, TimeSpan maxLength)
    {
        var range = Read(text.Trim(), now)
            ?? throw new McpException($"timespan: {SafeText.Quote(text)} is not a time range. Use {Rule}.");
        if (range.To <= range.From)
        {
            throw new McpException($"timespan: {SafeText.Quote(text)} does not end after it starts. Use {Rule}.");
        }

        return range.To - range.From <= maxLength
            ? range
            : throw new McpException($"timespan: {SafeText.Quote(text)} is longer than the maximum of {XmlConvert.ToString(maxLength)}. "
                + "Use a shorter time range, or several calls.");
    }

    private static TimeRange? Read(string text, DateTimeOffset now)
    {
        try
        {
            return text.Split('/') switch
            {
                [var one] when Duration(one) is { } back => new(now - back, now),
                [var start, var end] when Time(start) is { } from && Time(end) is { } to => new(from, to),
                [var start, var end] when Time(start) is { } from && Duration(end) is { } length => new(from, from + length),
                [var start, var end] when Duration(start) is { } length && Time(end) is { } to => new(to - length, to),
                _ => null,
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            // The result is before the year 1 or after the year 9999.
            return null;
        }
    }

    private static TimeSpan? Duration(string text)
    {
        if (text is not ['P', ..])
        {
            return null;
        }

        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return null;
        }
    }

    // A time without an offset is UTC, as in Azure.
    private static DateTimeOffset? Time(string text) =>
        text is [>= '0' and <= '9', ..]
            && DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
