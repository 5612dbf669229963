using System.Buffers;
using System.Text.RegularExpressions;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>
/// Splits a query into tokens. Outside of strings and comments, only ASCII characters of the grammar are allowed. White space is a space, a
/// tab, or a line feed, because Kusto and this code must agree on where a token ends.
/// </summary>
internal static partial class KqlLexer
{
    /// <summary>The digits of hexadecimal numbers.</summary>
    public static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private static readonly string[] s_symbols =
        ["==", "!=", "=~", "!~", "<=", ">=", "<>", "..", .. "()[]{}|.,;:=<>+-*/%".Select(static c => c.ToString())];

    /// <summary>Splits a query into tokens. The last token is <see cref="KqlTokenKind.End"/>.</summary>
    /// <exception cref="McpException">The query contains text that is not part of the grammar.</exception>
    public static List<KqlToken> Scan(string query)
    {
        var tokens = new List<KqlToken>();
        for (var at = 0; at < query.Length;)
        {
            var rest = query.AsSpan(at);
            if (rest[0] is ' ' or '\n' or '\t')
            {
                at++;
            }
            else if (rest.StartsWith("//"))
            {
                at += rest.IndexOf('\n') is >= 0 and var end ? end : rest.Length;
            }
            else
            {
                var token = KqlStrings.TryRead(query, at) ?? TryWord(query, at) ?? TrySymbol(query, at) ?? throw Unexpected(query, at);
                tokens.Add(token);
                at = token.End;
            }
        }

        tokens.Add(new(KqlTokenKind.End, "", query.Length, query.Length));
        return tokens;
    }

    private static KqlToken? TryWord(string query, int at)
    {
        if (Matched(query, at, Guid()) is { } id)
        {
            return Token(KqlTokenKind.Literal, query, at, id);
        }

        if (char.IsAsciiDigit(query[at]))
        {
            return Matched(query, at, Number()) is { } number ? Token(KqlTokenKind.Literal, query, at, number)
                : throw KqlRefusal.At(query, at, "this is not a number of KQL. A name that begins with a digit must be in brackets and "
                    + "quotes: ['2xx'].");
        }

        if (Matched(query, at, Name()) is not { } length)
        {
            return null;
        }

        var end = at + length;
        var next = end < query.Length ? query[end] : ' ';
        var name = query.AsSpan(at, length);
        if (name is "h" or "H" && next is '"' or '\'' or '@' or '`')
        {
            throw KqlRefusal.At(query, at, "a string cannot begin with h. Remove the h.");
        }

        return next == '(' && KqlTypedLiterals.Pattern(name) is { } content ? TypedLiteral(query, at, end + 1, content)
            : Token(KqlTokenKind.Name, query, at, length);
    }

    private static KqlToken TypedLiteral(string query, int start, int content, Regex pattern)
    {
        var length = query.AsSpan(content, Math.Min(KqlTypedLiterals.MaxContent + 1, query.Length - content)).IndexOf(')');
        if (length >= 0 && pattern.IsMatch(query.AsSpan(content, length)))
        {
            return Token(KqlTokenKind.Literal, query, start, content + length + 1 - start);
        }

        var type = query[start..(content - 1)];
        throw KqlRefusal.At(query, content, $"{type}(…) may contain only a constant without quotes: {KqlTypedLiterals.Example(type)}. To "
            + $"convert a value, use to{type switch { "date" => "datetime", "time" => "timespan", _ => type }}().");
    }

    private static KqlToken? TrySymbol(string query, int at) =>
        s_symbols.FirstOrDefault(symbol => query.AsSpan(at).StartsWith(symbol)) is { } found
            ? Token(KqlTokenKind.Symbol, query, at, found.Length)
            : null;

    private static KqlToken Token(KqlTokenKind kind, string query, int start, int length) =>
        new(kind, query.Substring(start, length), start, start + length);

    private static int? Matched(string query, int at, Regex pattern)
    {
        foreach (var match in pattern.EnumerateMatches(query.AsSpan(at)))
        {
            return match.Length;
        }

        return null;
    }

    private static McpException Unexpected(string query, int at) => KqlRefusal.At(query, at, char.IsAscii(query[at])
        ? $"the character {SafeText.Quote(query[at].ToString())} has no meaning here. Remove it, or put it in a string."
        : $"the character {KqlQuery.Describe(query, at)} is allowed only in strings and comments. Outside of them, use ASCII characters. A "
            + "name with other characters must be in brackets and quotes: ['größe'].");

    // All keywords with a hyphen, including those that the grammar does not allow; the operators that begin with ! or end with ~; the names
    // of KQL's own columns; and plain names.
    [GeneratedRegex(
        "^(?:(?:project-(?:away|keep|rename|reorder|by-names|smart)|mv-(?:expand|apply)|make-(?:series|graph)|top-(?:nested|hitters)"
            + "|sample-distinct|parse-(?:where|kv)|macro-expand|assert-schema|granny-(?:asc|desc)|partitioned-by|set-or-(?:append|replace)"
            + "|graph-(?:match|shortest-paths|to-table|mark-components|where-(?:nodes|edges))|materialized-view(?:s|-combine)"
            + "|\\$(?:left|right|table))(?![A-Za-z0-9_])|!?in~|!?[A-Za-z_][A-Za-z0-9_]*)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(
        "^(?:0[xX][0-9A-Fa-f]+|[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+|m|min|minutes?|s|sec|seconds?|d|days?|h|hrs?|hours?|ms"
            + "|milli(?:s|sec)?|milliseconds?|micro(?:s|sec)?|microseconds?|nano(?:s|sec)?|nanoseconds?|ticks?)?)(?![A-Za-z0-9_])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex("^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![A-Za-z0-9_])", RegexOptions.CultureInvariant)]
    private static partial Regex Guid();
}
