using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Observability;

/// <summary>Writes an audit entry for each act, as request filters of the SDK. Each act has one entry, whatever its outcome is.</summary>
internal sealed class AuditFilters(AuditLog log, TimeProvider time)
{
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Tool(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        (request, cancellationToken) => RunAsync(
            AuditedAct.Tool, request, call => call.Name, next, static result => result.IsError != true, cancellationToken);

    public McpRequestHandler<GetPromptRequestParams, GetPromptResult> Prompt(
        McpRequestHandler<GetPromptRequestParams, GetPromptResult> next) =>
        (request, cancellationToken) => RunAsync(
            AuditedAct.Prompt, request, static prompt => prompt.Name, next, static _ => true, cancellationToken);

    // The name of a resource is its URI. If it is not one of the server's URIs or templates, it is not logged.
    public McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> Resource(
        McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next) =>
        (request, cancellationToken) => RunAsync(
            AuditedAct.Resource, request, static _ => null, next, static _ => true, cancellationToken);

    public McpRequestHandler<SubscribeRequestParams, EmptyResult> Subscription(
        McpRequestHandler<SubscribeRequestParams, EmptyResult> next) =>
        (request, cancellationToken) => RunAsync(
            AuditedAct.Subscription, request, static _ => null, next, static _ => true, cancellationToken);

    public McpRequestHandler<UnsubscribeRequestParams, EmptyResult> Unsubscription(
        McpRequestHandler<UnsubscribeRequestParams, EmptyResult> next) =>
        (request, cancellationToken) => RunAsync(
            AuditedAct.Unsubscription, request, static _ => null, next, static _ => true, cancellationToken);

    // The entry is written when the stream ends.
    public McpRequestHandler<SubscriptionsListenRequestParams, EmptyResult> Listening(
        McpRequestHandler<SubscriptionsListenRequestParams, EmptyResult> next) =>
        (request, cancellationToken) => RunAsync(
            AuditedAct.Listening, request, static _ => null, next, static _ => true, cancellationToken);

    public McpRequestHandler<CompleteRequestParams, CompleteResult> Completion(
        McpRequestHandler<CompleteRequestParams, CompleteResult> next) =>
        (request, cancellationToken) => RunAsync(
            AuditedAct.Completion,
            request,
            static completion => (completion.Ref as PromptReference)?.Name,
            next,
            static _ => true,
            cancellationToken);

    private async ValueTask<TResult> RunAsync<TParams, TResult>(
        AuditedAct kind,
        RequestContext<TParams> request,
        Func<TParams, string?> nameOf,
        McpRequestHandler<TParams, TResult> next,
        Func<TResult, bool> succeeded,
        CancellationToken cancellationToken)
        where TParams : RequestParams
    {
        var start = time.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = await next(request, cancellationToken);
            outcome = succeeded(result) ? "ok" : "error";
            return result;
        }
        catch (InputRequiredException)
        {
            // The tool asks the user before it continues.
            outcome = "prompted";
            throw;
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            var name = FindKnown(request) is { } known
                ? AuditLog.Known(known.Id)
                : AuditLog.Foreign(request.Params is { } parameters ? nameOf(parameters) : null);
            log.Acted(kind, name, Caller.From(request.User), outcome, time.GetElapsedTime(start));
        }
    }

    // The SDK looks up the item of a call only. The name of a resource template is its URI template.
    private static IMcpServerPrimitive? FindKnown<TParams>(RequestContext<TParams> request)
        where TParams : RequestParams
    {
        var options = request.Server.ServerOptions;
        return request.MatchedPrimitive ?? request.Params switch
        {
            SubscribeRequestParams { Uri: { } uri } => options.ResourceCollection?.FirstOrDefault(each => each.IsMatch(uri)),
            UnsubscribeRequestParams { Uri: { } uri } => options.ResourceCollection?.FirstOrDefault(each => each.IsMatch(uri)),
            CompleteRequestParams { Ref: PromptReference { Name: { } name } } => Find(options.PromptCollection, name),
            CompleteRequestParams { Ref: ResourceTemplateReference { Uri: { } uri } } => Find(options.ResourceCollection, uri),
            _ => null,
        };
    }

    private static T? Find<T>(McpServerPrimitiveCollection<T>? items, string name)
        where T : class, IMcpServerPrimitive => items is not null && items.TryGetPrimitive(name, out var item) ? item : null;
}
