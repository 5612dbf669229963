using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>
/// Finds the ends of strings (https://learn.microsoft.com/kusto/query/scalar-data-types/string). If the end of a string is not clear, the
/// query is refused: if this code and Kusto read a query differently, a string could hide code.
/// </summary>
internal static class KqlStrings
{
    /// <summary>The quotes of a string that can have several lines.</summary>
    public const string Fence = "```";

    /// <summary>Returns the string that begins at a position, or <see langword="null"/> if no string begins there.</summary>
    /// <exception cref="McpException">The string has no end, or contains an invalid escape sequence.</exception>
    public static KqlToken? TryRead(string query, int start)
    {
        var rest = query.AsSpan(start);
        if (rest.StartsWith(Fence))
        {
            var length = rest[Fence.Length..].IndexOf(Fence, StringComparison.Ordinal);
            return length < 0 ? throw Unclosed(query, start) : Token(query, start, Fence.Length, length);
        }

        return rest switch
        {
            ['"' or '\'', ..] => Token(query, start, 1, Length(query, start + 1)),
            ['@', '"' or '\'', ..] => Token(query, start, 2, VerbatimLength(query, start + 2)),
            _ => null,
        };
    }

    private static KqlToken Token(string query, int start, int opening, int length)
    {
        var closing = opening == 2 ? 1 : opening;
        return new(KqlTokenKind.String, query.Substring(start + opening, length), start, start + opening + length + closing);
    }

    private static int Length(string query, int start)
    {
        var quote = query[start - 1];
        for (var i = start; i < query.Length && query[i] != '\n'; i++)
        {
            if (query[i] == quote)
            {
                return i - start;
            }

            if (query[i] == '\\')
            {
                i += EscapeLength(query, i) - 1;
            }
        }

        throw Unclosed(query, start - 1);
    }

    // A quote is doubled in a verbatim string, and a backslash has no meaning.
    private static int VerbatimLength(string query, int start)
    {
        var quote = query[start - 1];
        for (var i = start; i < query.Length && query[i] != '\n'; i++)
        {
            if (query[i] != quote)
            {
                continue;
            }

            if (i + 1 == query.Length || query[i + 1] != quote)
            {
                return i - start;
            }

            i++;
        }

        throw Unclosed(query, start - 2);
    }

    private static int EscapeLength(string query, int start)
    {
        var length = query.AsSpan(start + 1) switch
        {
            ['\\' or '\'' or '"' or 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '0', ..] => 2,
            ['x', ..] => 4,
            ['u', ..] => 6,
            ['U', ..] => 10,
            _ => 0,
        };
        var valid = length == 2
            || (length > 0 && start + length <= query.Length && !query.AsSpan(start + 2, length - 2).ContainsAnyExcept(KqlLexer.HexDigits));
        return valid ? length : throw KqlRefusal.At(query, start, "this is not an escape sequence of KQL. Write a backslash as \\\\, or "
            + "put @ before the string: @'\\d+'.");
    }

    private static McpException Unclosed(string query, int at) => KqlRefusal.At(query, at, "the string that begins here is not closed. "
        + "Close it in the same line, or put a string of several lines between ``` and ```.");
}
