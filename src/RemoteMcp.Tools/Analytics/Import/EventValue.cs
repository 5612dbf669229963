using System.Globalization;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>Parses the value of an event. Values are exact enough for money, and small enough that a sum never loses a digit.</summary>
internal static class EventValue
{
    /// <summary>The rule for values, as text for users.</summary>
    public const string Rule = "a number such as 12 or -3.50, with at most 12 digits before and 6 after the point";

    private const int MaxLength = 40;
    private const int MaxDecimals = 6;
    private const decimal Limit = 1_000_000_000_000m;

    /// <summary>Parses a number. Only a sign and a decimal point are allowed: no exponent, no thousands separator, no infinity.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        var point = text.IndexOf('.');
        var decimals = point < 0 ? 0 : text[(point + 1)..].TrimEnd('0').Length;
        return text.Length is > 0 and <= MaxLength
            && decimals <= MaxDecimals
            && decimal.TryParse(
                text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && Math.Abs(value) < Limit;
    }
}
