using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>A position in the tokens of a query, with the steps that every rule of the grammar uses.</summary>
internal sealed class KqlCursor(string query)
{
    private const int MaxDepth = 100;

    private readonly List<KqlToken> _tokens = KqlLexer.Scan(query);
    private int _index;
    private int _depth;

    public string Query => query;

    public KqlToken Current => _tokens[_index];

    /// <summary>Gets whether the tokens before and at the position have nothing between them.</summary>
    public bool IsAdjacent => _index > 0 && _tokens[_index - 1].End == Current.Start;

    public KqlToken Peek(int offset) => _tokens[Math.Min(_index + offset, _tokens.Count - 1)];

    public bool Is(string text) => Current.Is(text);

    public bool IsAny(IReadOnlySet<string> names) => Current.IsName && names.Contains(Current.Text);

    /// <summary>Moves past the current token.</summary>
    public KqlToken Next()
    {
        var token = Current;
        _index = Math.Min(_index + 1, _tokens.Count - 1);
        return token;
    }

    public bool Take(string text)
    {
        var found = Is(text);
        if (found)
        {
            Next();
        }

        return found;
    }

    public void Expect(string text)
    {
        if (!Take(text))
        {
            throw Expected($"'{text}'");
        }
    }

    /// <summary>Begins a nested part of the query. It ends with <see cref="Leave"/>.</summary>
    /// <exception cref="McpException">The query is nested too deeply.</exception>
    public void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw Refuse($"the query is nested more than {MaxDepth} levels deep. Split it with let statements.");
        }
    }

    public void Leave() => _depth--;

    public McpException Refuse(string message) => KqlRefusal.At(query, Current.Start, message);

    /// <summary>Returns the error for a token that the grammar does not allow.</summary>
    /// <param name="what">A description of the tokens that are allowed.</param>
    public McpException Expected(string what) => Refuse($"expected {what}, but found "
        + (Current.Kind == KqlTokenKind.End ? "the end of the query" : SafeText.Quote(query[Current.Start..Current.End]))
        + ". The server allows only the parts of KQL that it can check. Correct the query, or write it in a simpler way.");
}
