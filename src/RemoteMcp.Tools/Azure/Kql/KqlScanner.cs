using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>
/// Splits a query of the Kusto Query Language into tokens, to separate strings and comments from code
/// (https://learn.microsoft.com/kusto/query/scalar-data-types/string). If the end of a string is not clear, the scanner refuses the query:
/// if this scanner and Kusto read a query differently, a string could hide code.
/// </summary>
internal static class KqlScanner
{
    private static readonly string[] s_fences = ["```", "~~~"];

    /// <exception cref="McpException">A string has no end.</exception>
    public static List<KqlToken> Scan(string query)
    {
        var tokens = new List<KqlToken>();
        for (var at = 0; at < query.Length;)
        {
            var rest = query.AsSpan(at);
            var c = rest[0];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (rest.StartsWith("//"))
            {
                at += LineEnd(rest);
            }
            else if (s_fences.FirstOrDefault(fence => query.AsSpan(at).StartsWith(fence)) is { } fence)
            {
                var end = rest[fence.Length..].IndexOf(fence, StringComparison.Ordinal);
                tokens.Add(new(KqlTokenKind.String, end < 0 ? throw Unclosed(query, at) : rest.Slice(fence.Length, end).ToString()));
                at += end + (2 * fence.Length);
            }
            else if (c is '"' or '\'' || (c == '@' && rest is [_, '"' or '\'', ..]))
            {
                var start = c == '@' ? 2 : 1;
                var end = StringEnd(rest, start, verbatim: c == '@');
                tokens.Add(new(KqlTokenKind.String, end < 0 ? throw Unclosed(query, at) : rest[start..end].ToString()));
                at += end + 1;
            }
            else if (IsInName(c))
            {
                var length = 1;
                while (length < rest.Length && IsInName(rest[length]))
                {
                    length++;
                }

                tokens.Add(new(KqlTokenKind.Name, rest[..length].ToString()));
                at += length;
            }
            else
            {
                tokens.Add(new(KqlTokenKind.Punctuation, c.ToString()));
                at++;
            }
        }

        return tokens;
    }

    private static bool IsInName(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static int LineEnd(ReadOnlySpan<char> text) => text.IndexOf('\n') is >= 0 and var end ? end : text.Length;

    // In a verbatim string a quote is doubled, and in other strings it is escaped. Neither kind can span lines.
    private static int StringEnd(ReadOnlySpan<char> text, int start, bool verbatim)
    {
        var quote = text[start - 1];
        for (var i = start; i < text.Length && text[i] != '\n'; i++)
        {
            if (text[i] == '\\' && !verbatim && i + 1 < text.Length && text[i + 1] != '\n')
            {
                i++;
            }
            else if (text[i] == quote && verbatim && i + 1 < text.Length && text[i + 1] == quote)
            {
                i++;
            }
            else if (text[i] == quote)
            {
                return i;
            }
        }

        return -1;
    }

    private static McpException Unclosed(string query, int at) =>
        new($"query: the string that begins in line {query.AsSpan(0, at).Count('\n') + 1} is not closed. Close it in the same line, or "
            + "put a string of several lines between ``` and ```.");
}
