using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>
/// Writes JSON for the files and the links of clients. They are not web pages, so characters such as &amp; in a URL and é in a name are
/// not escaped.
/// </summary>
internal static class ClientJson
{
    private static readonly JsonSerializerOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions s_indented = new(s_compact) { WriteIndented = true, NewLine = "\n" };

    /// <summary>Returns a value as JSON on one line.</summary>
    public static string Compact(JsonNode? value) => value is null ? "null" : value.ToJsonString(s_compact);

    /// <summary>Returns a value as JSON on several lines, with an indentation of two spaces and a line break at the end.</summary>
    public static string Indented(JsonNode value) => value.ToJsonString(s_indented) + "\n";
}
