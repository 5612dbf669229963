using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>Writes JSON for clients' files and links. These are no web pages: an address's &amp; and a name's é stay readable.</summary>
internal static class ClientJson
{
    private static readonly JsonSerializerOptions _compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions _indented = new(_compact) { WriteIndented = true, NewLine = "\n" };

    /// <summary>Returns a value on one line.</summary>
    public static string Compact(JsonNode? value) => value is null ? "null" : value.ToJsonString(_compact);

    /// <summary>Returns a value over several lines, indented by two spaces, with a line break at the end.</summary>
    public static string Indented(JsonNode value) => value.ToJsonString(_indented) + "\n";
}
