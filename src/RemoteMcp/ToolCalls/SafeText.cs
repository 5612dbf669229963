using System.Globalization;
using System.Text;

namespace RemoteMcp.ToolCalls;

/// <summary>
/// Encodes text that the server did not write, such as imported text and text from callers, so that the text cannot break the format of a
/// table or a message.
/// </summary>
public static class SafeText
{
    private const int MaxLength = 120;

    /// <summary>
    /// Encodes text for a cell of a Markdown table. The result is one line: pipes, backslashes, and the beginnings of HTML tags and images
    /// are escaped, and invisible characters are replaced by escape sequences. An apostrophe precedes text that a spreadsheet would run as
    /// a formula.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The length, in characters, after which the text is cut off with an ellipsis.</param>
    /// <returns>The content of the cell.</returns>
    public static string Cell(string text, int maxLength = MaxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = Line(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal), maxLength);
        shown = shown.Replace("<", "\\<", StringComparison.Ordinal).Replace("![", "!\\[", StringComparison.Ordinal);
        return shown.TrimStart() is ['=' or '+' or '-' or '@', ..] ? "'" + shown : shown;
    }

    /// <summary>
    /// Returns a caller's text in quotes for a message. The text is shortened, and invisible characters are replaced by escape sequences.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>At most 120 characters of the text, in single quotes.</returns>
    public static string Quote(string text) => $"'{Line(text, MaxLength)}'";

    /// <summary>Cuts text off with an ellipsis. A surrogate pair is not split.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The maximum length without the ellipsis, in UTF-16 characters; at least 1.</param>
    /// <returns>The text, or its beginning with an ellipsis.</returns>
    public static string Truncate(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)] + "…";
    }

    /// <summary>
    /// Returns text from any source as one line. The text is shortened, and invisible characters are replaced by escape sequences.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The length, in characters, after which the text is cut off with an ellipsis.</param>
    /// <returns>The line.</returns>
    public static string Line(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(text, maxLength, firstPlain: ' ');
    }

    /// <summary>
    /// Returns text from any source as one word, for a line whose parts are separated by spaces. It is encoded as by <see cref="Line"/>,
    /// and spaces are replaced by escape sequences too.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The length, in characters, after which the text is cut off with an ellipsis.</param>
    /// <returns>The word.</returns>
    public static string Word(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(text, maxLength, firstPlain: '!');
    }

    /// <summary>
    /// Returns whether text from any source must show a character as an escape sequence, because the character is invisible or changes how
    /// the text around it is displayed.
    /// </summary>
    /// <param name="rune">The character.</param>
    /// <returns><see langword="true"/> if the character must be escaped.</returns>
    public static bool IsInvisible(Rune rune) =>
        rune == Rune.ReplacementChar
        || IsIgnorable(rune.Value)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.PrivateUse;

    private static string Encode(string text, int maxLength, char firstPlain)
    {
        // Most texts are plain, and stay the same object.
        if (text.Length <= maxLength && !text.AsSpan().ContainsAnyExceptInRange(firstPlain, '~'))
        {
            return text;
        }

        var shown = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= maxLength)
            {
                shown.Append('…');
                break;
            }

            shown = !IsInvisible(rune) && (firstPlain == ' ' || !Rune.IsWhiteSpace(rune))
                ? shown.Append(rune.ToString())
                : shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }

        return shown.ToString();
    }

    // Letters and marks that have no glyph (Unicode, Default_Ignorable_Code_Point), and the empty Braille cell. Emojis need U+FE0F.
    private static bool IsIgnorable(int value) => value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F)
        or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0E) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF);
}
