using System.Security.Claims;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Http;

namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// Enforces the permissions as request filters of the SDK, outside all other filters. Lists contain only the items that the caller may use.
/// Calls are checked as the SDK parsed them, regardless of how earlier steps read the message.
/// </summary>
internal sealed class PermissionFilters(PermissionTable table)
{
    public void Configure(McpServerOptions mcp)
    {
        var filters = mcp.Filters.Request;
        filters.ListToolsFilters.Insert(0, next => async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            result.Tools = Shown(result.Tools, tool => table.OfTool(tool.Name), request.User);
            return KeptPrivate(result);
        });
        filters.ListPromptsFilters.Insert(0, next => async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            result.Prompts = Shown(result.Prompts, prompt => table.OfPrompt(prompt.Name), request.User);
            return KeptPrivate(result);
        });
        filters.ListResourcesFilters.Insert(0, next => async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            result.Resources = Shown(result.Resources, resource => table.OfResource(resource.Uri), request.User);
            return KeptPrivate(result);
        });
        filters.ListResourceTemplatesFilters.Insert(0, next => async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            result.ResourceTemplates = Shown(result.ResourceTemplates, template => table.OfReference(template.UriTemplate), request.User);
            return KeptPrivate(result);
        });
        filters.CallToolFilters.Insert(0, Require<CallToolRequestParams, CallToolResult>(call => table.OfTool(call.Name)));
        filters.GetPromptFilters.Insert(0, Require<GetPromptRequestParams, GetPromptResult>(prompt => table.OfPrompt(prompt.Name)));
        filters.ReadResourceFilters.Insert(0, Require<ReadResourceRequestParams, ReadResourceResult>(resource => table.OfResource(resource.Uri)));
        filters.SubscribeToResourcesFilters.Insert(0, Require<SubscribeRequestParams, EmptyResult>(resource => table.OfResource(resource.Uri)));
        filters.CompleteFilters.Insert(0, Require<CompleteRequestParams, CompleteResult>(completion => completion.Ref switch
        {
            PromptReference prompt => table.OfPrompt(prompt.Name),
            ResourceTemplateReference { Uri: { } uri } => table.OfReference(uri),
            _ => Permission.None,
        }));
    }

    private static McpRequestFilter<TParams, TResult> Require<TParams, TResult>(Func<TParams, Permission> permissionOf) => next => async (request, cancellationToken) =>
    {
        var needed = request.Params is { } parameters ? permissionOf(parameters) : Permission.None;
        if (!needed.IsGrantedTo(request.User))
        {
            throw new McpProtocolException(needed.Explain(request.User), (McpErrorCode)ProtocolError.Refused);
        }

        var result = await next(request, cancellationToken);
        return needed.IsNone ? result : KeptPrivate(result);
    };

    // Creates a new list, because the list that a handler returns can be read-only or shared.
    private static List<T> Shown<T>(IList<T> items, Func<T, Permission> permissionOf, ClaimsPrincipal? user)
    {
        var shown = new List<T>(items.Count);
        foreach (var item in items)
        {
            if (permissionOf(item).IsGrantedTo(user))
            {
                shown.Add(item);
            }
        }

        return shown;
    }

    // Other callers must not get a cached result that depends on the caller (MCP 2026-07-28, Caching, cacheScope).
    private static TResult KeptPrivate<TResult>(TResult result)
    {
        if (result is ICacheableResult { CacheScope: CacheScope.Public } cacheable)
        {
            cacheable.CacheScope = CacheScope.Private;
        }

        return result;
    }
}
