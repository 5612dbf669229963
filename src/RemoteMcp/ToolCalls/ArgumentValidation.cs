using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.ToolCalls.Schemas;

namespace RemoteMcp.ToolCalls;

/// <summary>
/// Validates the arguments of every tool call against the tool's input schema before the tool runs. If an argument is invalid, the result
/// tells the model which argument is wrong and which values are valid. The filter also converts a <see cref="McpException"/> from a tool to
/// an error result that contains the message. Without this conversion, the SDK would report only that an error occurred.
/// </summary>
internal sealed class ArgumentValidation
{
    // A schema is compiled once for each tool. The SDK creates its options for every request without a session, but not the tools in them.
    private readonly ConditionalWeakTable<McpServerTool, ArgumentSchema> _schemas = [];

    /// <summary>
    /// Compiles the input schemas of the registered tools, and closes those that the SDK has created from a method: such a tool has no
    /// arguments other than the parameters of the method.
    /// </summary>
    /// <param name="tools">The tools.</param>
    /// <exception cref="OptionsValidationException">A schema is invalid or uses a keyword that the server does not enforce.</exception>
    public void Prepare(McpServerPrimitiveCollection<McpServerTool> tools)
    {
        foreach (var tool in tools)
        {
            _schemas.GetValue(tool, Compile);
        }
    }

    /// <summary>Returns the filter for tool calls.</summary>
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Filter(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (request, cancellationToken) =>
        {
            if (request.MatchedPrimitive is McpServerTool tool && request.Params is { } call
                && _schemas.GetValue(tool, Compile).FindProblem(call.Arguments ??= new Dictionary<string, JsonElement>()) is { } problem)
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

    private static ArgumentSchema Compile(McpServerTool tool)
    {
        var definition = tool.ProtocolTool;
        if (tool.Metadata.OfType<MethodInfo>().Any() && ArgumentSchema.CanClose(definition.InputSchema))
        {
            var closed = JsonObject.Create(definition.InputSchema)!;
            closed["additionalProperties"] = false;
            definition.InputSchema = JsonSerializer.SerializeToElement(closed, McpJsonUtilities.DefaultOptions);
        }

        try
        {
            return ArgumentSchema.Compile(definition.InputSchema);
        }
        catch (UnusableSchemaException exception)
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(McpServerOptions),
                [$"The input schema of the tool {SafeText.Quote(definition.Name)} cannot be enforced: {exception.Message}"]);
        }
    }
}
