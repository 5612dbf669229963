namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>The kind of a token.</summary>
internal enum KqlTokenKind
{
    /// <summary>A name, a keyword, or an operator that is a word, such as <c>project-away</c>, <c>!has</c>, and <c>in~</c>.</summary>
    Name,

    /// <summary>A string. The text is the text between the quotes, and escape sequences are not decoded.</summary>
    String,

    /// <summary>A number, a time span, a GUID, or a typed literal such as <c>datetime(2026-01-31)</c>.</summary>
    Literal,

    /// <summary>A bracket, a separator, or an operator such as <c>==</c>.</summary>
    Symbol,

    /// <summary>The end of the query.</summary>
    End,
}

/// <summary>A token of a query in the Kusto Query Language.</summary>
/// <param name="Kind">The kind of the token.</param>
/// <param name="Text">The text of the token.</param>
/// <param name="Start">The position of the first character in the query.</param>
/// <param name="End">The position after the last character.</param>
internal readonly record struct KqlToken(KqlTokenKind Kind, string Text, int Start, int End)
{
    /// <summary>Gets whether the token is a string in simple quotes without escape sequences.</summary>
    public bool IsPlainString => Kind == KqlTokenKind.String
        && End - Start == Text.Length + 2
        && !Text.AsSpan().ContainsAny('\\', '\n');

    public bool IsName => Kind == KqlTokenKind.Name;

    /// <summary>Returns whether the token is this word or symbol. A string or a literal with the same text is not.</summary>
    public bool Is(string text) => Kind is KqlTokenKind.Name or KqlTokenKind.Symbol && Text == text;
}
