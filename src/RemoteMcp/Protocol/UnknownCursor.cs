using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Protocol;

/// <summary>
/// Refuses a cursor for a list that has only one page, where no cursor is valid: "Invalid cursors SHOULD result in an error with code
/// -32602 (Invalid params)." (2025-11-25, Pagination) Without this filter, the SDK returns an empty list, and the client believes that the
/// server has no tools. The handler of a list with several pages checks its cursors itself.
/// </summary>
internal static class UnknownCursor
{
    /// <summary>Adds the filter to each list for which the application has no handler.</summary>
    public static void Refuse(McpServerOptions options)
    {
        var (handlers, filters) = (options.Handlers, options.Filters.Request);
        Add(filters.ListToolsFilters, handlers.ListToolsHandler is null, RequestMethods.ToolsList);
        Add(filters.ListPromptsFilters, handlers.ListPromptsHandler is null, RequestMethods.PromptsList);
        Add(filters.ListResourcesFilters, handlers.ListResourcesHandler is null, RequestMethods.ResourcesList);
        Add(
            filters.ListResourceTemplatesFilters,
            handlers.ListResourceTemplatesHandler is null,
            RequestMethods.ResourcesTemplatesList);
    }

    private static void Add<TParams, TResult>(IList<McpRequestFilter<TParams, TResult>> filters, bool hasOnePage, string method)
        where TParams : PaginatedRequestParams
    {
        if (hasOnePage)
        {
            filters.Add(next => (request, cancellationToken) => request.Params?.Cursor is null
                ? next(request, cancellationToken)
                : throw new McpProtocolException(
                    $"Invalid params: 'cursor' is not a cursor from {method}. This list has one page; omit the cursor.",
                    McpErrorCode.InvalidParams));
        }
    }
}
