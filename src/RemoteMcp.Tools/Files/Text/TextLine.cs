namespace RemoteMcp.Tools.Files.Text;

/// <summary>A line of a text in memory.</summary>
/// <param name="Start">The offset of the line in the text.</param>
/// <param name="Length">The length of the line without its line break.</param>
/// <param name="Break">The line break: LF, CR LF, or empty for a last line without a line break.</param>
internal readonly record struct TextLine(int Start, int Length, string Break)
{
    /// <summary>The line break of Unix.</summary>
    public const string Lf = "\n";

    /// <summary>The line break of Windows.</summary>
    public const string CrLf = "\r\n";

    /// <summary>Splits a text into lines. An empty text has none.</summary>
    public static List<TextLine> Split(string text)
    {
        var lines = new List<TextLine>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            var lineBreak = end < 0 ? "" : end > start && text[end - 1] == '\r' ? CrLf : Lf;
            var next = end < 0 ? text.Length : end + 1;
            lines.Add(new TextLine(start, next - start - lineBreak.Length, lineBreak));
            start = next;
        }

        return lines;
    }

    /// <summary>Returns the line without its line break.</summary>
    public ReadOnlySpan<char> Of(string text) => text.AsSpan(Start, Length);
}
