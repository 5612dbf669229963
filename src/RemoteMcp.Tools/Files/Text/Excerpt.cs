using System.Globalization;
using System.Text;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>Cuts text to a length at which it can be shown.</summary>
internal static class Excerpt
{
    /// <summary>The longest excerpt, in UTF-16 characters, the marks of a cut not counted.</summary>
    public const int MaxLength = 240;

    private const int Before = 60;
    private const char Cut = '…';

    /// <summary>The part of a line around a place, with … where it was cut and without splitting a character.</summary>
    public static string Around(ReadOnlySpan<char> line, int index)
    {
        if (line.Length <= MaxLength)
        {
            return line.ToString();
        }

        int start = Math.Clamp(index - Before, 0, line.Length - MaxLength);
        int end = start + MaxLength;
        start += start > 0 && char.IsLowSurrogate(line[start]) ? 1 : 0;
        end -= end < line.Length && char.IsHighSurrogate(line[end - 1]) ? 1 : 0;
        return $"{(start > 0 ? Cut : "")}{line[start..end]}{(end < line.Length ? Cut : "")}";
    }

    /// <summary>A caller's text for an error message: bounded, in quotes, with control characters made visible.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            bool printable = char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
            quoted = printable ? quoted.Append(c) : quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }

        return quoted.Append(text.Length > MaxLength ? "…'" : "'").ToString();
    }
}
