using System.Buffers;
using System.Globalization;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>Parses the argument <c>query</c>.</summary>
internal static class KqlQuery
{
    /// <summary>The maximum length of a query, in characters.</summary>
    public const int MaxLength = 10_000;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(static code => (char)code)
            .Where(static c => !char.IsControl(c) || c is '\n' or '\t')]);

    /// <summary>Parses the argument and changes all line breaks to \n. The server checks and sends this text.</summary>
    /// <exception cref="McpException">The query is empty, or contains characters that no query needs.</exception>
    public static string Read(string query)
    {
        var text = query.ReplaceLineEndings("\n").Trim();
        if (text.Length == 0)
        {
            throw new McpException("query: is empty. Write a query in the Kusto Query Language.");
        }

        var at = text.AsSpan().IndexOfAnyExcept(s_allowed);
        return at < 0 ? text : throw new McpException(string.Create(CultureInfo.InvariantCulture,
            $"query: has the control character U+{(int)text[at]:X4} at position "
                + $"{at + 1}. Remove it. In a string, use an escape sequence."));
    }
}
