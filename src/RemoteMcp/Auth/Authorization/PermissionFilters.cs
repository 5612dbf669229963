using System.Security.Claims;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Http;

namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// Enforces the permissions as request filters of the SDK. Lists contain only the items that the caller may use. For calls, the filters
/// check the name or URI that the SDK has parsed, even if <see cref="PermissionMiddleware"/> has read the message differently.
/// </summary>
internal sealed class PermissionFilters(PermissionTable table)
{
    public McpRequestFilter<ListToolsRequestParams, ListToolsResult> ListTools { get; } = next => async (request, cancellationToken) =>
    {
        var result = await next(request, cancellationToken);
        result.Tools = KeepGranted(result.Tools, tool => table.OfTool(tool.Name), request.User);
        return MakePrivate(result);
    };

    public McpRequestFilter<ListPromptsRequestParams, ListPromptsResult> ListPrompts { get; } =
        next => async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            result.Prompts = KeepGranted(result.Prompts, prompt => table.OfPrompt(prompt.Name), request.User);
            return MakePrivate(result);
        };

    public McpRequestFilter<ListResourcesRequestParams, ListResourcesResult> ListResources { get; } =
        next => async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            result.Resources = KeepGranted(result.Resources, resource => table.OfResource(resource.Uri), request.User);
            return MakePrivate(result);
        };

    public McpRequestFilter<ListResourceTemplatesRequestParams, ListResourceTemplatesResult> ListResourceTemplates { get; } =
        next => async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            result.ResourceTemplates = KeepGranted(
                result.ResourceTemplates, template => table.OfReference(template.UriTemplate), request.User);
            return MakePrivate(result);
        };

    public McpRequestFilter<CallToolRequestParams, CallToolResult> CallTool { get; } =
        Require<CallToolRequestParams, CallToolResult>(call => table.OfTool(call.Name));

    public McpRequestFilter<GetPromptRequestParams, GetPromptResult> GetPrompt { get; } =
        Require<GetPromptRequestParams, GetPromptResult>(prompt => table.OfPrompt(prompt.Name));

    public McpRequestFilter<ReadResourceRequestParams, ReadResourceResult> ReadResource { get; } =
        Require<ReadResourceRequestParams, ReadResourceResult>(resource => table.OfResource(resource.Uri));

    public McpRequestFilter<SubscribeRequestParams, EmptyResult> SubscribeToResource { get; } =
        Require<SubscribeRequestParams, EmptyResult>(resource => table.OfResource(resource.Uri));

    public McpRequestFilter<CompleteRequestParams, CompleteResult> Complete { get; } =
        Require<CompleteRequestParams, CompleteResult>(completion => completion.Ref switch
        {
            PromptReference prompt => table.OfPrompt(prompt.Name),
            ResourceTemplateReference { Uri: { } uri } => table.OfReference(uri),
            _ => Permission.None,
        });

    private static McpRequestFilter<TParams, TResult> Require<TParams, TResult>(Func<TParams, Permission> permissionOf) =>
        next => async (request, cancellationToken) =>
        {
            var needed = request.Params is { } parameters ? permissionOf(parameters) : Permission.None;
            if (!needed.IsGrantedTo(request.User))
            {
                throw new McpProtocolException(needed.Explain(request.User), (McpErrorCode)ProtocolError.Refused);
            }

            var result = await next(request, cancellationToken);
            return needed.IsNone ? result : MakePrivate(result);
        };

    // Creates a new list, because the list that a handler returns can be read-only or shared.
    private static List<T> KeepGranted<T>(IList<T> items, Func<T, Permission> permissionOf, ClaimsPrincipal? user)
    {
        var granted = new List<T>(items.Count);
        foreach (var item in items)
        {
            if (permissionOf(item).IsGrantedTo(user))
            {
                granted.Add(item);
            }
        }

        return granted;
    }

    // Other callers must not get a cached result that depends on the caller (MCP 2026-07-28, Caching, cacheScope).
    private static TResult MakePrivate<TResult>(TResult result)
    {
        if (result is ICacheableResult { CacheScope: CacheScope.Public } cacheable)
        {
            cacheable.CacheScope = CacheScope.Private;
        }

        return result;
    }
}
