using System.Globalization;
using System.Text;

namespace RemoteMcp.Tools.Shared;

/// <summary>Text that was imported or given by a caller, so that it can be shown in a table or a message without breaking either.</summary>
internal static class SafeText
{
    private const int MaxLength = 120;

    /// <summary>
    /// A cell of a table: one line, bars and backslashes escaped as Markdown does, invisible characters made visible, no HTML and no picture for a client that shows
    /// Markdown, and with an apostrophe before what a spreadsheet would run as a formula.
    /// </summary>
    public static string Cell(string text, int maxLength = MaxLength)
    {
        string shown = Line(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal), maxLength);
        shown = shown.Replace("<", "\\<", StringComparison.Ordinal).Replace("![", "!\\[", StringComparison.Ordinal);
        return shown.TrimStart() is ['=' or '+' or '-' or '@', ..] ? "'" + shown : shown;
    }

    /// <summary>A caller's text in a message: in quotes, bounded, with invisible characters made visible.</summary>
    public static string Quote(string text) => $"'{Line(text, MaxLength)}'";

    /// <summary>Text of any origin on one line: bounded, with invisible characters made visible.</summary>
    public static string Line(string text, int maxLength)
    {
        var shown = new StringBuilder(Math.Min(text.Length, maxLength));
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
