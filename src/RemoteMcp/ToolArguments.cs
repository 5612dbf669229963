using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp;

/// <summary>
/// Tells a model which arguments of its call are missing or of the wrong type, as a tool error that it can mend (MCP 2025-11-25, Tools, Error
/// Handling); the SDK says only that an error occurred.
/// </summary>
internal static class ToolArguments
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Filter(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellationToken) =>
    {
        try
        {
            return await next(request, cancellationToken);
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException && Describe(request) is { } problem)
        {
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = problem }] };
        }
    };

    // Looked at only after the call failed: what the binder takes, such as "5" for a number, is not refused.
    private static string? Describe(RequestContext<CallToolRequestParams> request)
    {
        if (request.MatchedPrimitive is not McpServerTool { ProtocolTool: var tool } || !tool.InputSchema.TryGetProperty("properties", out var properties))
        {
            return null;
        }

        var arguments = request.Params?.Arguments;
        var problems = new StringBuilder();
        foreach (var property in properties.EnumerateObject())
        {
            if (arguments is null || !arguments.TryGetValue(property.Name, out var argument))
            {
                if (IsRequired(tool.InputSchema, property.Name))
                {
                    problems.Append($" '{property.Name}' is missing.");
                }
            }
            else if (property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("type", out var type) && !Allows(type, argument))
            {
                problems.Append($" '{property.Name}' must be of type {type.GetRawText().Trim('"')}.");
            }
        }

        return problems.Length == 0 ? null : $"Invalid arguments for '{tool.Name}':{problems}";
    }

    private static bool IsRequired(JsonElement schema, string name) =>
        schema.TryGetProperty("required", out var required) && required.EnumerateArray().Any(each => each.ValueEquals(name));

    private static bool Allows(JsonElement type, JsonElement argument) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(each => Allows(each, argument))
        : argument.ValueKind switch
        {
            JsonValueKind.String => type.ValueEquals("string"),
            JsonValueKind.Number => type.ValueEquals("number") || (type.ValueEquals("integer") && argument.TryGetInt64(out _)),
            JsonValueKind.True or JsonValueKind.False => type.ValueEquals("boolean"),
            JsonValueKind.Array => type.ValueEquals("array"),
            JsonValueKind.Object => type.ValueEquals("object"),
            _ => type.ValueEquals("null"),
        };
}
