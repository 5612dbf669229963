using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Protocol;

/// <summary>
/// Responds to malformed params with the error "Invalid params" and the path of the field (JSON-RPC 2.0, section 5.1). Without this
/// filter, the SDK responds with an internal error.
/// </summary>
internal static class InvalidParams
{
    private static readonly Dictionary<string, Type> s_paramsTypes = new(StringComparer.Ordinal)
    {
        [RequestMethods.ToolsList] = typeof(ListToolsRequestParams),
        [RequestMethods.ToolsCall] = typeof(CallToolRequestParams),
        [RequestMethods.PromptsList] = typeof(ListPromptsRequestParams),
        [RequestMethods.PromptsGet] = typeof(GetPromptRequestParams),
        [RequestMethods.ResourcesList] = typeof(ListResourcesRequestParams),
        [RequestMethods.ResourcesTemplatesList] = typeof(ListResourceTemplatesRequestParams),
        [RequestMethods.ResourcesRead] = typeof(ReadResourceRequestParams),
        [RequestMethods.CompletionComplete] = typeof(CompleteRequestParams),
#pragma warning disable MCP9005 // Deprecated from 2026-07-28 on; clients of earlier revisions send it.
        [RequestMethods.LoggingSetLevel] = typeof(SetLevelRequestParams),
#pragma warning restore MCP9005
        [RequestMethods.ResourcesSubscribe] = typeof(SubscribeRequestParams),
        [RequestMethods.ResourcesUnsubscribe] = typeof(UnsubscribeRequestParams),
        [RequestMethods.SubscriptionsListen] = typeof(SubscriptionsListenRequestParams),
    };

    public static McpMessageHandler Filter(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        try
        {
            await next(context, cancellationToken);
        }
        catch (JsonException) when (context.JsonRpcMessage is JsonRpcRequest request && Describe(request) is { } problem)
        {
            throw new McpProtocolException($"Invalid params: {problem}.", McpErrorCode.InvalidParams);
        }
    };

    // Returns null if the params are valid. In that case, a handler threw the exception for other JSON, and the client must not get its
    // details.
    private static string? Describe(JsonRpcRequest request)
    {
        if (!s_paramsTypes.TryGetValue(request.Method, out var type))
        {
            return null;
        }

        try
        {
            request.Params.Deserialize(type, McpJsonUtilities.DefaultOptions);
            return null;
        }
        catch (JsonException exception) when (exception.Path is { Length: > 1 } path)
        {
            // A path begins with "$.".
            return $"'{path[2..]}' is missing or has the wrong type";
        }
        catch (JsonException)
        {
            return "a required field is missing";
        }
    }
}
