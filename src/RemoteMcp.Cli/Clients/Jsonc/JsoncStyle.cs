using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteMcp.Cli.Clients.Jsonc;

/// <summary>Represents the formatting of a document. New text is formatted like the rest of the document.</summary>
/// <param name="NewLine">The line ending. The default for a document with one line is a line feed.</param>
/// <param name="Unit">One level of indentation. The default for a document without indentation is two spaces.</param>
internal readonly record struct JsoncStyle(string NewLine, string Unit)
{
    // The output is a file and not a web page, so characters such as & in a URL and é in a name stay readable.
    private static readonly JsonSerializerOptions s_indented = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        IndentCharacter = '\t',
        IndentSize = 1,
        NewLine = "\n",
    };

    /// <summary>
    /// Returns the style of <paramref name="document"/>, based on the first member of the top-level object, if it has one.
    /// </summary>
    public static JsoncStyle Of(ReadOnlySpan<byte> document, int open, int? firstMember)
    {
        var lineBreak = document.IndexOfAny((byte)'\n', (byte)'\r');
        var newLine = lineBreak < 0 ? "\n"
            : document[lineBreak..].StartsWith("\r\n"u8) ? "\r\n"
            : document[lineBreak] == '\n' ? "\n" : "\r";

        var unit = "  ";
        if (firstMember is { } member && OwnLineIndent(document, member) is { } inner)
        {
            var outer = LineIndent(document, open);
            unit = inner.StartsWith(outer, StringComparison.Ordinal) ? inner[outer.Length..] : inner;
        }

        return new JsoncStyle(newLine, unit);
    }

    /// <summary>Returns the white space at the start of the line that contains <paramref name="offset"/>.</summary>
    public static string LineIndent(ReadOnlySpan<byte> document, int offset)
    {
        var line = document[JsoncText.LineStart(document, offset)..offset];
        var length = line.IndexOfAnyExcept((byte)' ', (byte)'\t') is var end and >= 0 ? end : line.Length;
        return Encoding.UTF8.GetString(line[..length]);
    }

    /// <summary>Returns the indentation before <paramref name="offset"/>, or null if other text precedes it on the line.</summary>
    public static string? OwnLineIndent(ReadOnlySpan<byte> document, int offset)
    {
        var start = JsoncText.LineStart(document, offset);
        var indent = LineIndent(document, offset);
        return start > JsoncText.PreambleLength(document) && start + indent.Length == offset ? indent : null;
    }

    /// <summary>Formats a value on several lines. All lines except the first start with <paramref name="indent"/>.</summary>
    public string Indented(JsonNode value, string indent)
    {
        var text = new StringBuilder();
        foreach (var line in value.ToJsonString(s_indented).Split('\n'))
        {
            var content = line.TrimStart('\t');
            if (text.Length > 0)
            {
                text.Append(NewLine).Append(indent);
            }

            text.Insert(text.Length, Unit, line.Length - content.Length).Append(content);
        }

        return text.ToString();
    }
}
