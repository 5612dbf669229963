using System.Globalization;
using System.Text;

namespace RemoteMcp.Tools.Analytics;

/// <summary>Text that was imported or given by a caller, so that it can be shown in a table or a message without breaking either.</summary>
internal static class SafeText
{
    private const int MaxLength = 120;

    /// <summary>
    /// A cell of a table: one line, bars and backslashes escaped as Markdown does, invisible characters made visible, and with an apostrophe before what a spreadsheet
    /// would run as a formula.
    /// </summary>
    public static string Cell(string text)
    {
        string shown = Show(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal), MaxLength);
        return shown.TrimStart() is ['=' or '+' or '-' or '@', ..] ? "'" + shown : shown;
    }

    /// <summary>A caller's text in a message: in quotes, bounded, with invisible characters made visible.</summary>
    public static string Quote(string text) => $"'{Show(text, MaxLength)}'";

    /// <summary>A line for a terminal: bounded, with invisible characters made visible.</summary>
    public static string Line(string text, int maxLength) => Show(text, maxLength);

    private static string Show(string text, int maxLength)
    {
        var shown = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length >= maxLength)
            {
                shown.Append('…');
                break;
            }

            bool visible = rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
            shown = visible ? shown.Append(rune.ToString()) : shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }

        return shown.ToString();
    }
}
