namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>The kind of a token.</summary>
internal enum KqlKind
{
    /// <summary>A name, a keyword or a number.</summary>
    Name,

    /// <summary>A string. The text is between the quotes, and escape sequences are not decoded.</summary>
    String,

    /// <summary>Any other character.</summary>
    Mark,
}

/// <summary>A token of a query in the Kusto Query Language.</summary>
internal readonly record struct KqlToken(KqlKind Kind, string Text)
{
    public bool Is(char mark) => Kind == KqlKind.Mark && Text[0] == mark;

    public bool IsName(string name) => Kind == KqlKind.Name && string.Equals(Text, name, StringComparison.OrdinalIgnoreCase);
}
