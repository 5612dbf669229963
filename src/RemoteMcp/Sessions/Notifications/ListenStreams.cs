using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Fleet;
using RemoteMcp.Http;

namespace RemoteMcp.Sessions.Notifications;

/// <summary>
/// Serves the streams of <c>subscriptions/listen</c> (2026-07-28, SEP-2575): requests that stay open and receive the notifications that
/// they ask for. Without this class, the SDK grants no subscriptions to clients without a session.
/// </summary>
internal sealed class ListenStreams(
    PermissionTable permissions,
    PollingDemand demand,
    FleetMembership fleet,
    Shutdown shutdown,
    IOptions<HttpOptions> http,
    TimeProvider time)
{
    // The limit bounds the memory for a client that does not read its stream. Further notifications are dropped.
    private const int MaxWaiting = 100;
    private const int MaxSubscriptions = 100;

    private readonly ConcurrentDictionary<Listener, byte> _listeners = new();

    /// <summary>Serves one request until its client leaves, the server stops, or the time limit of requests is near.</summary>
    public async ValueTask<EmptyResult> ServeAsync(
        RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        var asked = request.Params!.Notifications;
        if (asked.ResourceSubscriptions is { Count: > MaxSubscriptions })
        {
            throw new McpProtocolException(
                $"Invalid params: resourceSubscriptions can have at most {MaxSubscriptions} URIs.", McpErrorCode.InvalidParams);
        }

        if (asked.ResourceSubscriptions is { } uris)
        {
            // The acknowledgement contains the granted subscriptions, so that the client sees which ones are missing.
            asked.ResourceSubscriptions = [.. uris.Where(uri => permissions.OfResource(uri).IsGrantedTo(request.User))];
        }

        var listener = new Listener(asked, Channel.CreateBounded<JsonRpcNotification>(MaxWaiting));
        // The stream ends with a response before the server ends its request.
        using var over = new CancellationTokenSource(http.Value.MaxRequestTime - (http.Value.MaxRequestTime / 20), time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, shutdown.Stopping, over.Token);
        using var hold = demand.Acquire(urgent: false);
        _listeners[listener] = 0;
        try
        {
            // With the lease, this instance receives the notifications of other instances. The stream also works without the lease.
            await fleet.TryEnsureLeaseAsync(ends.Token);
            var granted = JsonSerializer.SerializeToNode(
                new SubscriptionsAcknowledgedNotificationParams { Notifications = asked },
                McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(SubscriptionsAcknowledgedNotificationParams)));
            await SendAsync(request, NotificationMethods.SubscriptionsAcknowledgedNotification, granted as JsonObject, ends.Token);
            await foreach (var notification in listener.Waiting.Reader.ReadAllAsync(ends.Token))
            {
                await SendAsync(request, notification.Method, notification.Params?.DeepClone() as JsonObject, ends.Token);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The response tells the client that the subscription has ended. The client then sends the request again.
        }
        finally
        {
            _listeners.TryRemove(listener, out _);
        }

        return new EmptyResult();
    }

    /// <summary>Sends a notification to the streams on this instance that asked for it.</summary>
    public void Send(JsonRpcNotification notification, string? uri)
    {
        foreach (var (listener, _) in _listeners)
        {
            if (listener.Wants(notification.Method, uri))
            {
                listener.Waiting.Writer.TryWrite(notification);
            }
        }
    }

    // Every notification contains the id of its request, so that a client with several requests can distinguish their notifications.
    private static Task SendAsync(
        RequestContext<SubscriptionsListenRequestParams> request,
        string method,
        JsonObject? parameters,
        CancellationToken cancellationToken)
    {
        parameters ??= [];
        var meta = parameters["_meta"] as JsonObject ?? [];
        parameters["_meta"] = meta;
        meta[MetaKeys.SubscriptionId] = JsonSerializer.SerializeToNode(
            request.JsonRpcRequest.Id, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(RequestId)));
        return request.Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, cancellationToken);
    }

    private sealed record Listener(SubscriptionsListenNotifications Asked, Channel<JsonRpcNotification> Waiting)
    {
        public bool Wants(string method, string? uri) => method switch
        {
            NotificationMethods.ToolListChangedNotification => Asked.ToolsListChanged == true,
            NotificationMethods.PromptListChangedNotification => Asked.PromptsListChanged == true,
            NotificationMethods.ResourceListChangedNotification => Asked.ResourcesListChanged == true,
            NotificationMethods.ResourceUpdatedNotification => uri is not null && Asked.ResourceSubscriptions?.Contains(uri) == true,
            _ => false,
        };
    }
}
