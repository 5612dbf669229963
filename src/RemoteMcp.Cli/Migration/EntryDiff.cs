using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Cli.Migration;

/// <summary>
/// Creates a diff of the entry that a move changes. The diff hides the values of variables and headers, and probable secrets.
/// </summary>
internal static class EntryDiff
{
    private const int MaxLine = 500;
    private const int MaxDepth = 6;
    private static readonly string[] s_hiddenSections = ["env", "headers"];
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Returns the lines of the diff, without colors.</summary>
    public static IEnumerable<string> Lines(Move move) =>
        Render('-', move.Server.Name, move.Server.Entry)
            .Concat(Render('+', move.Server.Name, JsonSerializer.SerializeToElement(move.Entry)));

    private static IEnumerable<string> Render(char sign, string name, JsonElement entry)
    {
        var member = new JsonObject { [name] = Redact(entry, null, 0) };
        // Remove the outer braces, so that the member looks as it does in the file.
        return member.ToJsonString(s_indented).Split('\n')[1..^1].Select(line => SafeText.Line($"{sign} {line}", MaxLine));
    }

    private static JsonNode? Redact(JsonElement value, string? name, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when depth > MaxDepth:
                return "…";
            case JsonValueKind.Object:
                var shown = new JsonObject();
                foreach (var member in value.EnumerateObject())
                {
                    var hidden = member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number
                        && (s_hiddenSections.Contains(name) || SecretText.IsSecretName(member.Name));
                    shown[member.Name] = hidden ? SecretText.Hidden : Redact(member.Value, member.Name, depth + 1);
                }

                return shown;
            case JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                return new JsonArray([.. SecretText.Redact([.. value.EnumerateArray().Select(item => item.GetString()!)])
                    .Select(each => (JsonNode)each.Text)]);
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(item => Redact(item, name, depth + 1))]);
            case JsonValueKind.String:
                return SecretText.Redact(value.GetString()!);
            default:
                return JsonNode.Parse(value.GetRawText());
        }
    }
}
