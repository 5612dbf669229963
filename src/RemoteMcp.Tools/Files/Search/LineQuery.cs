using System.Text.RegularExpressions;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>A query for a line: plain text, or a regular expression that is matched in linear time.</summary>
/// <remarks>
/// Not thread-safe: each thread uses its own <see cref="Clone"/>, because a regular expression runs fastest if only one thread uses it at a
/// time.
/// </remarks>
internal sealed class LineQuery
{
    /// <summary>The maximum length of a query, in UTF-16 characters.</summary>
    public const int MaxLength = 1000;

    // Matching takes linear time, but with a factor that grows with the pattern. A pattern that needs longer than this for one line is
    // unusable.
    private static readonly TimeSpan s_maxTimePerLine = TimeSpan.FromSeconds(1);

    private readonly string _text;
    private readonly bool _caseSensitive;
    private readonly Regex? _regex;

    private LineQuery(string text, bool isRegex, bool caseSensitive)
    {
        _text = text;
        _caseSensitive = caseSensitive;
        _regex = isRegex
            ? new Regex(
                text,
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
                    | (caseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase),
                s_maxTimePerLine)
            : null;
    }

    /// <summary>Parses a query.</summary>
    /// <exception cref="McpException">
    /// The query is empty, is too long, contains a line break, or is not a regular expression that can be matched in linear time.
    /// </exception>
    public static LineQuery Parse(string text, bool isRegex, bool caseSensitive)
    {
        if (text.Length is 0 or > MaxLength)
        {
            throw new McpException($"query: has {text.Length} characters. Use 1 to {MaxLength}.");
        }

        if (text.AsSpan().ContainsAny('\n', '\r'))
        {
            throw new McpException("query: contains a line break, but lines are searched one by one. Search for the text of one line.");
        }

        try
        {
            return new LineQuery(text, isRegex, caseSensitive);
        }
        catch (RegexParseException exception)
        {
            throw new McpException(
                $"query: is not a valid regular expression at character {exception.Offset}: {exception.Error}. "
                    + "Correct it, or set regex to false to search for it as plain text.");
        }
        catch (NotSupportedException)
        {
            throw new McpException(
                "query: cannot be matched in linear time. Leave out lookarounds, backreferences, atomic groups and large "
                    + "repetition counts.");
        }
    }

    /// <summary>Creates the same query for another thread.</summary>
    public LineQuery Clone() => new(_text, _regex is not null, _caseSensitive);

    /// <summary>Returns the position of the first match.</summary>
    /// <param name="line">A line without its line break.</param>
    /// <returns>The index, or -1 if there is no match.</returns>
    public int IndexIn(ReadOnlySpan<char> line)
    {
        if (_regex is null)
        {
            return line.IndexOf(_text, _caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
        }

        try
        {
            foreach (var match in _regex.EnumerateMatches(line))
            {
                return match.Index;
            }

            return -1;
        }
        catch (RegexMatchTimeoutException)
        {
            throw new McpException(
                $"query: took more than {s_maxTimePerLine.TotalSeconds:0} s on a single line. "
                    + "Use a simpler pattern, with smaller repetition counts.");
        }
    }
}
