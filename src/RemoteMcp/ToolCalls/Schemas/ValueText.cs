using System.Text.Json;

namespace RemoteMcp.ToolCalls.Schemas;

/// <summary>Describes types and values for messages to a model.</summary>
internal static class ValueText
{
    private const int MaxLength = 32;

    private static readonly string[] s_types = ["string", "boolean", "integer", "number", "array", "object", "null"];

    public static bool IsType(string type) => s_types.Contains(type);

    public static bool IsOfType(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && JsonInteger.IsInteger(value),
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    /// <summary>Returns a type with its article.</summary>
    public static string Describe(string type) => type switch
    {
        "integer" => "a whole number",
        "boolean" => "true or false",
        "array" or "object" => $"an {type}",
        "null" => "null",
        _ => $"a {type}",
    };

    /// <summary>Returns the type of a value with its article, and the value if it is short.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => "the number " + Write(value),
        JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        var kind => Describe(kind.ToString().ToLowerInvariant()),
    };

    /// <summary>Returns a value of a schema, or a number.</summary>
    public static string Write(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : SafeText.Truncate(value.GetRawText(), MaxLength);

    /// <summary>Returns a caller's value in one line.</summary>
    public static string Quote(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? SafeText.Quote(value.GetString()!) : Describe(value);
}
