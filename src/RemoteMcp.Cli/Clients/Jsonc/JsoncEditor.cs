using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteMcp.Clients;

namespace RemoteMcp.Cli.Clients.Jsonc;

/// <summary>Specifies the result of <see cref="JsoncEditor.Set"/>.</summary>
internal enum JsoncChange
{
    /// <summary>The property already had the value. The document did not change.</summary>
    None,

    /// <summary>The property did not exist and was added.</summary>
    Added,

    /// <summary>The property had another value, which was replaced.</summary>
    Replaced,
}

/// <summary>Represents an edited document.</summary>
internal readonly record struct JsoncEdit(byte[] Document, JsoncChange Change);

/// <summary>
/// Sets one property in a JSON document with comments, and does not change any other byte. Adding a property only inserts bytes:
/// the property, and a comma after the previous member if it has none. Replacing a property changes only the bytes of the old value.
/// If several members have the same name, the last one is edited, because parsers use the last one.
/// </summary>
internal static class JsoncEditor
{
    /// <summary>Sets the property at <paramref name="path"/>. Adds the parent objects that do not exist.</summary>
    /// <param name="document">The document in UTF-8. It can be empty.</param>
    /// <param name="path">One or more property names, starting at the top-level object.</param>
    /// <param name="value">The value. It is written with the indentation and line endings of the document.</param>
    /// <exception cref="JsoncException">
    /// The document is not JSON with comments, or a value on the path is not an object.
    /// </exception>
    public static JsoncEdit Set(ReadOnlySpan<byte> document, ReadOnlySpan<string> path, JsonNode value)
    {
        var json = JsoncText.ReplaceComments(document);
        if (JsoncText.IsWhiteSpace(json))
        {
            return new JsoncEdit(AddRoot(document, Nest(path, value)), JsoncChange.Added);
        }

        var at = json.AsSpan().IndexOfAnyExcept(" \t\r\n"u8);
        RequireObject(document, json, at, "The top level");
        var style = JsoncStyle.Of(document, at, JsoncObject.Scan(json, at, path[0]).First?.NameStart);

        for (var depth = 0; ; depth++)
        {
            var parent = JsoncObject.Scan(json, at, path[depth]);
            if (parent.Match is not { } member)
            {
                return new JsoncEdit(Add(document, parent, path[depth], Nest(path[(depth + 1)..], value), style), JsoncChange.Added);
            }

            if (depth == path.Length - 1)
            {
                return Equal(json.AsMemory(member.ValueStart..member.ValueEnd), value)
                    ? new JsoncEdit(document.ToArray(), JsoncChange.None)
                    : new JsoncEdit(Replace(document, parent, member, value, style), JsoncChange.Replaced);
            }

            at = member.ValueStart;
            RequireObject(document, json, at, ClientJson.Compact(path[depth]));
        }
    }

    private static byte[] AddRoot(ReadOnlySpan<byte> document, JsonNode root)
    {
        var style = JsoncStyle.Of(document, 0, null);
        var at = EndOfContent(document, JsoncText.PreambleLength(document), document.Length);
        var before = at > JsoncText.PreambleLength(document) ? style.NewLine : "";
        var after = document[at..].ContainsAny((byte)'\n', (byte)'\r') ? "" : style.NewLine;
        return Splice(document, at, at, before + style.Indented(root, "") + after);
    }

    private static byte[] Add(ReadOnlySpan<byte> document, JsoncObject parent, string name, JsonNode value, JsoncStyle style)
    {
        var outer = JsoncStyle.LineIndent(document, parent.Open);
        var isMultiline = document[parent.Open..parent.Close].ContainsAny((byte)'\n', (byte)'\r');
        if (parent.Last is not { } last)
        {
            var inner = outer + style.Unit;
            var at = isMultiline ? EndOfContent(document, parent.Open, parent.Close) : parent.Close;
            var member = style.NewLine + inner + Member(name, style.Indented(value, inner));
            return Splice(document, at, at, isMultiline ? member : member + style.NewLine + outer);
        }

        var end = EndOfContent(document, parent.Open, parent.Close);
        var hasTrailingComma = parent.HasTrailingComma;
        var indent = JsoncStyle.OwnLineIndent(document, last.NameStart) ?? outer + style.Unit;
        var text = isMultiline
            ? style.NewLine + indent + Member(name, style.Indented(value, indent))
            : " " + Member(name, ClientJson.Compact(value));

        // Edit from back to front, so that the first offset stays valid. A list with a trailing comma keeps a trailing comma.
        var edited = Splice(document, end, end, hasTrailingComma ? text + "," : text);
        return hasTrailingComma ? edited : Splice(edited, last.ValueEnd, last.ValueEnd, ",");
    }

    private static byte[] Replace(ReadOnlySpan<byte> document, JsoncObject parent, JsoncMember member, JsonNode value, JsoncStyle style)
    {
        var isMultiline = document[parent.Open..parent.Close].ContainsAny((byte)'\n', (byte)'\r');
        var text = isMultiline ? style.Indented(value, JsoncStyle.LineIndent(document, member.NameStart)) : ClientJson.Compact(value);
        return Splice(document, member.ValueStart, member.ValueEnd, text);
    }

    private static void RequireObject(ReadOnlySpan<byte> document, ReadOnlySpan<byte> json, int at, string what)
    {
        var kind = (char)json[at] switch
        {
            '{' => null,
            '[' => "an array",
            '"' => "a string",
            'n' => "null",
            't' or 'f' => "a boolean",
            _ => "a number",
        };
        if (kind is not null)
        {
            throw JsoncException.At(document, at, $"{what} is {kind}, but must be an object.");
        }
    }

    private static bool Equal(ReadOnlyMemory<byte> old, JsonNode value)
    {
        using var document = JsonDocument.Parse(old, JsoncText.DocumentOptions);
        return JsonElement.DeepEquals(document.RootElement, JsonSerializer.SerializeToElement(value));
    }

    private static JsonNode Nest(ReadOnlySpan<string> path, JsonNode value)
    {
        var nested = value.DeepClone();
        for (var i = path.Length - 1; i >= 0; i--)
        {
            nested = new JsonObject { [path[i]] = nested };
        }

        return nested;
    }

    private static string Member(string name, string value) => $"{ClientJson.Compact(name)}: {value}";

    // Comments count as content. New members go after them.
    private static int EndOfContent(ReadOnlySpan<byte> document, int start, int end) =>
        start + document[start..end].LastIndexOfAnyExcept(" \t\r\n"u8) + 1;

    private static byte[] Splice(ReadOnlySpan<byte> document, int start, int end, string text) =>
        [.. document[..start], .. Encoding.UTF8.GetBytes(text), .. document[end..]];
}
