using System.Text;

namespace RemoteMcp.Cli.Clients.Jsonc;

/// <summary>The exception that is thrown when a document is not JSON with comments, or when its structure does not allow an edit.</summary>
/// <param name="message">The description of the problem, without its position.</param>
/// <param name="line">The line number, starting at 1.</param>
/// <param name="column">The position of the character in the line, starting at 1, as editors count it.</param>
internal sealed class JsoncException(string message, int line, int column) : FormatException(message)
{
    /// <summary>Gets the line number, starting at 1.</summary>
    public int Line => line;

    /// <summary>Gets the position of the character in the line, starting at 1, as editors count it.</summary>
    public int Column => column;

    /// <summary>Creates an exception for a problem at a byte offset of <paramref name="document"/>.</summary>
    public static JsoncException At(ReadOnlySpan<byte> document, int offset, string message)
    {
        var before = document[..Math.Min(offset, document.Length)];
        var lineStart = JsoncText.LineStart(document, before.Length);
        var line = 1 + CountLineBreaks(before[..Math.Min(lineStart, before.Length)]);
        return new JsoncException(message, line, 1 + Encoding.UTF8.GetCharCount(before[Math.Min(lineStart, before.Length)..]));
    }

    // Counts \n, \r\n, and \r, as editors do.
    private static int CountLineBreaks(ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            count += text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')) ? 1 : 0;
        }

        return count;
    }
}
