using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteMcp.Cli.Clients.Jsonc;

/// <summary>How a document is laid out, so that what is added to it looks like the rest.</summary>
/// <param name="NewLine">What ends its lines; a line feed where there is but one line.</param>
/// <param name="Unit">One level of indentation; two spaces where there is none to copy.</param>
internal readonly record struct JsoncStyle(string NewLine, string Unit)
{
    // Files, not web pages: an address's & and a name's é stay readable.
    private static readonly JsonSerializerOptions _indented = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        IndentCharacter = '\t',
        IndentSize = 1,
        NewLine = "\n",
    };

    /// <summary>The style of <paramref name="document"/>, whose top-level object has the given first member, if any.</summary>
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

    /// <summary>The white space that the line of <paramref name="offset"/> starts with.</summary>
    public static string LineIndent(ReadOnlySpan<byte> document, int offset)
    {
        var line = document[JsoncText.LineStart(document, offset)..offset];
        var length = line.IndexOfAnyExcept((byte)' ', (byte)'\t') is var end and >= 0 ? end : line.Length;
        return Encoding.UTF8.GetString(line[..length]);
    }

    /// <summary>The indentation of what stands at <paramref name="offset"/>, or null if it is not the first on its line.</summary>
    public static string? OwnLineIndent(ReadOnlySpan<byte> document, int offset)
    {
        var start = JsoncText.LineStart(document, offset);
        var indent = LineIndent(document, offset);
        return start > JsoncText.PreambleLength(document) && start + indent.Length == offset ? indent : null;
    }

    /// <summary>A value over several lines, of which all but the first start with <paramref name="indent"/>.</summary>
    public string Indented(JsonNode value, string indent)
    {
        var text = new StringBuilder();
        foreach (var line in value.ToJsonString(_indented).Split('\n'))
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
