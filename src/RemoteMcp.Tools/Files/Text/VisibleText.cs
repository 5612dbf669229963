using System.Buffers;
using System.Globalization;
using System.Text;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>
/// Shows the text of a file so that a reader sees every character. Invisible characters, for example those that reverse the direction of
/// text or control a terminal, are shown as escapes: <c>\u202E</c>, <c>\U000E0041</c>, and <c>\xE9</c> for a byte that is not text. Tabs
/// and line breaks (LF and CR LF) stay, and so do joiners within a word or an emoji.
/// </summary>
internal static class VisibleText
{
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static value => (char)value), '\t', '\n']);

    /// <summary>Returns the text with escapes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="escapes">The number of escapes.</param>
    public static string Of(ReadOnlySpan<char> text, out int escapes)
    {
        if (!text.ContainsAnyExcept(s_plain))
        {
            escapes = 0;
            return text.ToString();
        }

        var shown = new StringBuilder(text.Length);
        (_, escapes) = Show(text, shown, int.MaxValue, out _);
        return shown.ToString();
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{char}, out int)"/>
    public static string Of(ReadOnlySpan<char> text) => Of(text, out _);

    /// <summary>Returns the length of the text with escapes, in UTF-16 characters.</summary>
    public static int LengthOf(ReadOnlySpan<char> text) =>
        text.ContainsAnyExcept(s_plain) ? Show(text, null, int.MaxValue, out _).Length : text.Length;

    /// <summary>
    /// Returns the beginning of a text that, with escapes, is not longer than a limit. No surrogate pair and no CR LF is split.
    /// </summary>
    public static ReadOnlySpan<char> Fit(ReadOnlySpan<char> text, int maxLength)
    {
        Show(text, null, maxLength, out var used);
        return text[..used];
    }

    /// <summary>Returns the end of a text that, with escapes, is not longer than a limit. No surrogate pair is split.</summary>
    public static string FitEnd(string text, int maxLength)
    {
        for (int length; (length = LengthOf(text)) > maxLength;)
        {
            // An escape has at most 10 characters.
            text = text[Math.Max(1, (length - maxLength) / 10)..];
        }

        return text is [var first, .. var rest] && char.IsLowSurrogate(first) && !TextDecoder.IsByte(first) ? rest : text;
    }

    /// <summary>Returns whether a character of a text is shown as an escape if no other characters surround it.</summary>
    public static bool IsEscaped(Rune rune) => rune.Value is not ('\t' or '\n') && SafeText.IsInvisible(rune);

    private static (int Length, int Escapes) Show(ReadOnlySpan<char> text, StringBuilder? shown, int maxLength, out int used)
    {
        var (length, escapes) = (0, 0);
        var before = default(Rune);
        for (used = 0; used < text.Length;)
        {
            var rest = text[used..];
            var plain = rest.IndexOfAnyExcept(s_plain) is >= 0 and var end ? end : rest.Length;
            if (plain > 0)
            {
                plain = Math.Min(plain, maxLength - length);
                shown?.Append(rest[..plain]);
                length += plain;
                used += plain;
                before = default;
                if (length == maxLength)
                {
                    break;
                }

                continue;
            }

            var isRune = Rune.DecodeFromUtf16(rest, out var rune, out var size) == OperationStatus.Done;
            var isBreak = rest is ['\r', '\n', ..];
            var escape = isBreak || isRune && (!IsEscaped(rune) || IsJoined(before, rune, rest[size..])) ? null
                : isRune ? EscapeOf(rune)
                : EscapeOf(rest[0]);
            size = isBreak ? 2 : size;
            if (length + (escape?.Length ?? size) > maxLength)
            {
                break;
            }

            shown?.Append(escape ?? rest[..size]);
            length += escape?.Length ?? size;
            escapes += escape is null ? 0 : 1;
            used += size;
            before = rune;
        }

        return (length, escapes);
    }

    // The joiners U+200C and U+200D are part of the spelling of Persian and Indic words and of emojis.
    private static bool IsJoined(Rune before, Rune rune, ReadOnlySpan<char> rest) =>
        rune.Value is 0x200C or 0x200D
        && IsForeign(before)
        && Rune.DecodeFromUtf16(rest, out var after, out _) == OperationStatus.Done
        && IsForeign(after);

    private static bool IsForeign(Rune rune) => !rune.IsAscii && !IsEscaped(rune);

    private static string EscapeOf(Rune rune) =>
        rune.IsBmp ? EscapeOf((char)rune.Value) : string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");

    private static string EscapeOf(char character) => TextDecoder.IsByte(character)
        ? string.Create(CultureInfo.InvariantCulture, $"\\x{character - 0xDC00:X2}")
        : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
}
