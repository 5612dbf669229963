using System.Globalization;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>The number of an event: as exact as money has to be, and small enough that no sum ever loses a digit.</summary>
internal static class EventValue
{
    /// <summary>The rule, for people.</summary>
    public const string Rule = "a number such as 12 or -3.50, with at most 12 digits before and 6 after the point";

    private const int MaxLength = 40;
    private const int MaxDecimals = 6;
    private const decimal Limit = 1_000_000_000_000m;

    /// <summary>Reads a number. Signs and a point are all that it may have: no exponent, no separator of thousands, no infinity.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        int point = text.IndexOf('.');
        int decimals = point < 0 ? 0 : text[(point + 1)..].TrimEnd('0').Length;
        return text.Length is > 0 and <= MaxLength
            && decimals <= MaxDecimals
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && Math.Abs(value) < Limit;
    }
}
