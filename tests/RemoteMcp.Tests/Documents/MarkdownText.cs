namespace RemoteMcp.Tests.Documents;

/// <summary>Prepares text for the cells of generated tables.</summary>
internal static class MarkdownText
{
    /// <summary>Returns the first sentence, without its period.</summary>
    public static string FirstSentence(string text) => text.Split(". ")[0].TrimEnd('.');

    /// <summary>Escapes the character that separates cells.</summary>
    public static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
