using System.Globalization;
using System.Text;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>Reads the argument <c>query</c>.</summary>
internal static class KqlQuery
{
    /// <summary>The maximum length of a query, in characters.</summary>
    public const int MaxLength = 10_000;

    /// <summary>
    /// Changes all line breaks to \n, and checks the query. The returned text is the text that the server checked, without white space
    /// around it.
    /// </summary>
    /// <param name="query">The argument.</param>
    /// <param name="sources">The data outside of the queried workspace or of Resource Graph that the query may read.</param>
    /// <exception cref="McpException">The query is not allowed. The message has the position and the next step.</exception>
    public static string Read(string query, KqlSources sources)
    {
        var text = query.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        CheckCharacters(text);
        KqlGrammar.Check(text, sources);
        return text.Trim(' ', '\t', '\n');
    }

    /// <summary>Returns a character for a message: the character in quotes, or its code if it is not visible.</summary>
    public static string Describe(string text, int at) =>
        Rune.TryGetRuneAt(text, at, out var rune) && !IsInvisible(rune)
            ? $"'{rune}'"
            : string.Create(CultureInfo.InvariantCulture, $"U+{(Rune.TryGetRuneAt(text, at, out rune) ? rune.Value : text[at]):X4}");

    // Programs disagree about whether these characters are white space, line breaks, or nothing, and a person cannot see them.
    private static void CheckCharacters(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (text[at] is '\n' or '\t' or ' ')
            {
                at++;
            }
            else if (Rune.TryGetRuneAt(text, at, out var rune) && !IsInvisible(rune))
            {
                at += rune.Utf16SequenceLength;
            }
            else
            {
                throw KqlRefusal.At(text, at, $"the query has the {(char.IsControl(text[at]) ? "control" : "invisible")} character "
                    + $"{Describe(text, at)}. Remove it. In a string, use an escape sequence such as \\u200b.");
            }
        }
    }

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
        or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.Surrogate
        or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.PrivateUse;
}
