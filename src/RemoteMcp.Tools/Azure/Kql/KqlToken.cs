namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>The kind of a token.</summary>
internal enum KqlTokenKind
{
    /// <summary>A name, a keyword or a number.</summary>
    Name,

    /// <summary>A string. The text is between the quotes, and escape sequences are not decoded.</summary>
    String,

    /// <summary>Any other character, such as a bracket or an operator. Each one is a separate token.</summary>
    Punctuation,
}

/// <summary>A token of a query in the Kusto Query Language.</summary>
internal readonly record struct KqlToken(KqlTokenKind Kind, string Text)
{
    public bool Is(char punctuation) => Kind == KqlTokenKind.Punctuation && Text[0] == punctuation;

    public bool IsName(string name) => Kind == KqlTokenKind.Name && string.Equals(Text, name, StringComparison.OrdinalIgnoreCase);
}
