using System.Globalization;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.ToolCalls;

/// <summary>
/// Validates the arguments of every tool call against the tool's input schema before the tool runs: whether required arguments are
/// present, and the type, range, length, and choices of each value. If an argument is invalid, the result tells the model which argument is
/// wrong and which values are valid. The filter also converts a <see cref="McpException"/> from a tool to an error result that contains the
/// message. Without this conversion, the SDK would report only that an error occurred.
/// </summary>
internal static class ArgumentValidation
{
    /// <summary>Returns the filter for tool calls.</summary>
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Filter(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (request, cancellationToken) =>
        {
            if (request.MatchedPrimitive is McpServerTool tool && FindProblem(tool.ProtocolTool.InputSchema, request.Params) is { } problem)
            {
                return ToolResult.Error(problem);
            }

            try
            {
                return await next(request, cancellationToken);
            }
            catch (McpException exception) when (exception is not McpProtocolException)
            {
                return ToolResult.Error(exception.Message);
            }
        };

    private static string? FindProblem(JsonElement schema, CallToolRequestParams? call)
    {
        string[] required = schema.TryGetProperty("required", out var names)
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : [];
        if (!schema.TryGetProperty("properties", out var properties))
        {
            return null;
        }

        foreach (var property in properties.EnumerateObject())
        {
            JsonElement value = default;
            var given = call?.Arguments?.TryGetValue(property.Name, out value) is true;
            if (given && value.ValueKind == JsonValueKind.Null && !AcceptsNull(property.Value))
            {
                // Some clients send every argument, and use null for an argument that they do not set.
                call!.Arguments!.Remove(property.Name);
                given = false;
            }

            if (!given && required.Contains(property.Name))
            {
                return $"{property.Name}: is required but was not given.";
            }

            if (given && FindProblem(property.Value, value) is { } problem)
            {
                return $"{property.Name}: {problem}";
            }
        }

        return null;
    }

    private static string? FindProblem(JsonElement schema, JsonElement value)
    {
        if (Types(schema) is { Length: > 0 } types && !types.Any(type => IsOfType(value, type)))
        {
            return $"must be {string.Join(" or ", types.Select(Describe))}, but is {Describe(value)}.";
        }

        return value.ValueKind switch
        {
            JsonValueKind.Number => FindOutOfRange(schema, value.GetDouble(), "", ("minimum", "maximum")),
            JsonValueKind.String when schema.TryGetProperty("enum", out var choices) => FindInvalidChoice(choices, value),
            JsonValueKind.String => FindOutOfRange(schema, value.GetString()!.Length, " characters long", ("minLength", "maxLength")),
            JsonValueKind.Array =>
                FindOutOfRange(schema, value.GetArrayLength(), " items long", ("minItems", "maxItems"))
                    ?? FindProblemInItems(schema, value),
            _ => null,
        };
    }

    private static string? FindProblemInItems(JsonElement schema, JsonElement array) =>
        !schema.TryGetProperty("items", out var itemSchema) || itemSchema.ValueKind != JsonValueKind.Object
            ? null
            : array.EnumerateArray()
                .Select((item, index) => FindProblem(itemSchema, item) is { } problem ? $"item {index + 1} {problem}" : null)
                .FirstOrDefault(static problem => problem is not null);

    private static string? FindInvalidChoice(JsonElement choices, JsonElement value) =>
        choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value))
            ? null
            : "must be one of "
                + string.Join(", ", choices.EnumerateArray()
                    .Where(static choice => choice.ValueKind == JsonValueKind.String)
                    .Select(static choice => choice.GetString()))
                + $", but is {SafeText.Quote(value.GetString()!)}.";

    private static string? FindOutOfRange(JsonElement schema, double value, string unit, (string Minimum, string Maximum) keywords)
    {
        var minimum = schema.TryGetProperty(keywords.Minimum, out var least) ? least.GetDouble() : double.MinValue;
        var maximum = schema.TryGetProperty(keywords.Maximum, out var most) ? most.GetDouble() : double.MaxValue;
        return value >= minimum && value <= maximum
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"must be {DescribeRange(minimum, maximum)}{unit}, but is {value}.");
    }

    private static string DescribeRange(double minimum, double maximum) => (minimum, maximum) switch
    {
        (_, double.MaxValue) => string.Create(CultureInfo.InvariantCulture, $"at least {minimum}"),
        (double.MinValue, _) => string.Create(CultureInfo.InvariantCulture, $"at most {maximum}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum}"),
    };

    private static string[] Types(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(static element => element.GetString()!)]
        : [type.GetString()!];

    private static bool AcceptsNull(JsonElement schema) => Types(schema) is var types && (types.Length == 0 || types.Contains("null"));

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    private static string Describe(string type) => type switch
    {
        "integer" => "a whole number",
        "boolean" => "true or false",
        "array" or "object" => $"an {type}",
        "null" => "null",
        _ => $"a {type}",
    };

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => "the number " + value.GetRawText()[..Math.Min(value.GetRawText().Length, 32)],
        JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        var kind => Describe(kind.ToString().ToLowerInvariant()),
    };
}
