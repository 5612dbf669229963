using System.Text;

namespace RemoteMcp.Cli.Clients.Jsonc;

/// <summary>A document that is not JSON with comments, or not of the shape that an edit needs.</summary>
/// <param name="message">What is wrong, without the place.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="column">The character in that line, from 1, as editors count.</param>
internal sealed class JsoncException(string message, int line, int column) : FormatException(message)
{
    /// <summary>The line, from 1.</summary>
    public int Line => line;

    /// <summary>The character in that line, from 1, as editors count.</summary>
    public int Column => column;

    /// <summary>Describes a problem at a byte offset of <paramref name="document"/>.</summary>
    public static JsoncException At(ReadOnlySpan<byte> document, int offset, string message)
    {
        var before = document[..Math.Min(offset, document.Length)];
        var lineStart = JsoncText.LineStart(document, before.Length);
        var line = 1 + before[..Math.Min(lineStart, before.Length)].Count((byte)'\n');
        return new JsoncException(message, line, 1 + Encoding.UTF8.GetCharCount(before[Math.Min(lineStart, before.Length)..]));
    }
}
