using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Elicitation;

/// <summary>
/// Creates the schema of a form from a flat record, in the restricted JSON Schema of elicitation. It supports strings, numbers, booleans,
/// enumerations, and dates. Descriptions, titles, and limits come from the attributes in <c>System.ComponentModel</c>.
/// </summary>
internal static class FormSchema
{
    /// <summary>
    /// The options to write and read forms. They are strict: the string "5" is not a number, and 3 is not a member of an enumeration.
    /// </summary>
    public static readonly JsonSerializerOptions Json = ReadOnly(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    });

    // The keywords that a field of a form may have. Clients do not understand others.
    private static readonly HashSet<string> s_keywords =
        ["type", "title", "description", "default", "enum", "minLength", "maxLength", "minimum", "maximum", "format"];

    private static readonly HashSet<string> s_formats = ["email", "uri", "date", "date-time"];

    /// <summary>Returns the schema of a form for a type.</summary>
    /// <exception cref="InvalidOperationException">The type is not a form. The message names the property and its problem.</exception>
    public static ElicitRequestParams.RequestSchema For(Type type)
    {
        if (Schema(type) is not { } schema || schema["properties"] is not JsonObject { Count: > 0 } properties)
        {
            throw new InvalidOperationException($"{type.Name} cannot be a form. Use a flat record with at least one property.");
        }

        var optional = new HashSet<string>();
        var fields = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>();
        foreach (var (name, node) in properties)
        {
            fields[name] = Field(type, name, node as JsonObject, out var nullable);
            if (nullable)
            {
                optional.Add(name);
            }
        }

        var required = (schema["required"] as JsonArray)?.Select(name => name!.GetValue<string>()).Where(name => !optional.Contains(name));
        return new ElicitRequestParams.RequestSchema { Properties = fields, Required = [.. required ?? []] };
    }

    private static JsonObject? Schema(Type type)
    {
        var schema = AIJsonUtilities.CreateJsonSchema(type, serializerOptions: Json);
        return schema.ValueKind == JsonValueKind.Object ? JsonObject.Create(schema) : null;
    }

    private static ElicitRequestParams.PrimitiveSchemaDefinition Field(Type type, string name, JsonObject? field, out bool nullable)
    {
        nullable = field?["type"] is JsonArray types && types.Any(IsNull);
        if (nullable && field!["type"] is JsonArray { Count: 2 } union)
        {
            field["type"] = union.First(item => !IsNull(item))!.DeepClone();
            if (field["enum"] is JsonArray members)
            {
                field["enum"] = new JsonArray([.. members.Where(member => member is not null).Select(member => member!.DeepClone())]);
            }
        }

        if (field?["type"] is not JsonValue kind || kind.GetValue<string>() is not ("string" or "number" or "integer" or "boolean"))
        {
            throw UnsupportedMember(type, name, "is not a string, number, boolean, enumeration, or date");
        }

        if (field.FirstOrDefault(keyword => !s_keywords.Contains(keyword.Key)).Key is { } unknown)
        {
            throw UnsupportedMember(type, name, $"has the unsupported keyword '{unknown}'");
        }

        if (field["format"]?.GetValue<string>() is { } format && !s_formats.Contains(format))
        {
            throw UnsupportedMember(type, name, $"has the unsupported format '{format}'");
        }

        return field.Deserialize<ElicitRequestParams.PrimitiveSchemaDefinition>(McpJsonUtilities.DefaultOptions)!;
    }

    private static bool IsNull(JsonNode? item) => item?.GetValue<string>() == "null";

    private static InvalidOperationException UnsupportedMember(Type type, string name, string problem) =>
        new($"Clients cannot show {type.Name} as a form: '{name}' {problem}.");

    private static JsonSerializerOptions ReadOnly(JsonSerializerOptions options)
    {
        options.MakeReadOnly();
        return options;
    }
}
