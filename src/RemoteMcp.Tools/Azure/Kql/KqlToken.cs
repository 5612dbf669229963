namespace RemoteMcp.Tools.Azure.Kql;

/// <summary>What a piece of a query is.</summary>
internal enum KqlKind
{
    /// <summary>A name or keyword, or a number.</summary>
    Name,

    /// <summary>A string; the text is what is between its quotes, escapes and all.</summary>
    String,

    /// <summary>Any other character.</summary>
    Mark,
}

/// <summary>A piece of a query in the Kusto Query Language.</summary>
internal readonly record struct KqlToken(KqlKind Kind, string Text)
{
    public bool Is(char mark) => Kind == KqlKind.Mark && Text[0] == mark;

    public bool IsName(string name) => Kind == KqlKind.Name && string.Equals(Text, name, StringComparison.OrdinalIgnoreCase);
}
