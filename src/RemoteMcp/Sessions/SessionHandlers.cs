using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Sessions.Notifications;

namespace RemoteMcp.Sessions;

/// <summary>Handles requests that change the state of a session on every instance: the log level and the subscriptions.</summary>
internal sealed class SessionHandlers(Sessions sessions, LiveSessions live, ListenStreams listenStreams)
{
#pragma warning disable MCP9005 // Clients of 2025-11-25 and earlier set log levels by this method.
    /// <summary>Returns whether a request of a session changes its row. Such a request sends no events before its response.</summary>
    public static bool Handles(string? method) => method is RequestMethods.LoggingSetLevel
        or RequestMethods.ResourcesSubscribe
        or RequestMethods.ResourcesUnsubscribe;

    /// <summary>Adds these handlers to the SDK's options. They run before the handlers that the application has set, if any.</summary>
    public void Configure(McpServerOptions mcp)
    {
        mcp.Handlers.SetLoggingLevelHandler = Before(mcp.Handlers.SetLoggingLevelHandler, (session, request, cancellationToken) =>
        {
            var level = JsonSerializer.Serialize(request.Params!.Level, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(LoggingLevel)));
            return IsRelayed(request.JsonRpcRequest)
                ? Task.CompletedTask
                : sessions.SetLevelAsync(session, level.Trim('"'), request.User, cancellationToken);
        });
#pragma warning restore MCP9005
        mcp.Handlers.SubscriptionsListenHandler ??= listenStreams.ServeAsync;
        mcp.Handlers.SubscribeToResourcesHandler = Before(mcp.Handlers.SubscribeToResourcesHandler, (session, request, cancellationToken) =>
            sessions.SubscribeAsync(session, uris => uris.Append(request.Params!.Uri), request.User, cancellationToken));
        mcp.Handlers.UnsubscribeFromResourcesHandler = Before(
            mcp.Handlers.UnsubscribeFromResourcesHandler,
            (session, request, cancellationToken) =>
                sessions.SubscribeAsync(session, uris => uris.Where(uri => uri != request.Params!.Uri), request.User, cancellationToken));
    }

    private McpRequestHandler<TParams, EmptyResult> Before<TParams>(
        McpRequestHandler<TParams, EmptyResult>? handler, Func<string, RequestContext<TParams>, CancellationToken, Task> change) =>
        async (request, cancellationToken) =>
        {
            // A session of HTTP+SSE has no row to update, and is not in LiveSessions.
            if (request.Params is not null && live.TryGet(request.Server.SessionId, out var session))
            {
                await change(session.Id, request, cancellationToken);
            }

            return handler is null ? new EmptyResult() : await handler(request, cancellationToken);
        };

    // This server sent the request to apply a log level that is already in the row (Sessions.RestoreAsync, Sessions.TryHandleAsync).
    private static bool IsRelayed(JsonRpcRequest request) =>
        request.Id.Id is string id && id.StartsWith(Sessions.RelayedId, StringComparison.Ordinal);
}
