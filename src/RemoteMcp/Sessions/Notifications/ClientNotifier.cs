using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions.Streams;

namespace RemoteMcp.Sessions.Notifications;

/// <summary>
/// Sends notifications to clients on all instances: on the GET streams of sessions, and on the <c>subscriptions/listen</c> streams of
/// 2026-07-28. Delivery is best effort: a client without an open stream does not get the notification.
/// </summary>
public sealed class ClientNotifier : IInboxHandler
{
    private readonly GetStreams _getStreams;
    private readonly ListenStreams _listenStreams;
    private readonly Inbox _inbox;
    private readonly PermissionTable _permissions;

    internal ClientNotifier(GetStreams getStreams, ListenStreams listenStreams, Inbox inbox, PermissionTable permissions) =>
        (_getStreams, _listenStreams, _inbox, _permissions) = (getStreams, listenStreams, inbox, permissions);

    /// <summary>Notifies the clients that are subscribed to a resource that it changed (<c>notifications/resources/updated</c>).</summary>
    /// <param name="uri">The resource's URI, exactly as clients subscribe to it.</param>
    /// <param name="cancellationToken">The token that stops the wait for other instances.</param>
    /// <exception cref="Storage.StateUnavailableException">
    /// The other instances could not be notified: the state storage does not respond.
    /// </exception>
    public Task ResourceUpdatedAsync(string uri, CancellationToken cancellationToken) =>
        NotifyAsync(NotificationMethods.ResourceUpdatedNotification, new JsonObject { ["uri"] = uri }, cancellationToken);

    /// <summary>Notifies all clients that the list of tools changed (<c>notifications/tools/list_changed</c>).</summary>
    /// <param name="cancellationToken">The token that stops the wait for other instances.</param>
    /// <exception cref="Storage.StateUnavailableException">
    /// The other instances could not be notified: the state storage does not respond.
    /// </exception>
    public Task ToolsChangedAsync(CancellationToken cancellationToken) =>
        NotifyAsync(NotificationMethods.ToolListChangedNotification, null, cancellationToken);

    /// <summary>Notifies all clients that the list of prompts changed (<c>notifications/prompts/list_changed</c>).</summary>
    /// <param name="cancellationToken">The token that stops the wait for other instances.</param>
    /// <exception cref="Storage.StateUnavailableException">
    /// The other instances could not be notified: the state storage does not respond.
    /// </exception>
    public Task PromptsChangedAsync(CancellationToken cancellationToken) =>
        NotifyAsync(NotificationMethods.PromptListChangedNotification, null, cancellationToken);

    /// <summary>Notifies all clients that the list of resources changed (<c>notifications/resources/list_changed</c>).</summary>
    /// <param name="cancellationToken">The token that stops the wait for other instances.</param>
    /// <exception cref="Storage.StateUnavailableException">
    /// The other instances could not be notified: the state storage does not respond.
    /// </exception>
    public Task ResourcesChangedAsync(CancellationToken cancellationToken) =>
        NotifyAsync(NotificationMethods.ResourceListChangedNotification, null, cancellationToken);

    ValueTask<bool> IInboxHandler.TryHandleAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind != InboxKind.Broadcast)
        {
            return ValueTask.FromResult(false);
        }

        NotifyHere((JsonRpcNotification)JsonSerializer.Deserialize(message.Payload!, StreamEvent.MessageTypeInfo)!);
        return ValueTask.FromResult(true);
    }

    private async Task NotifyAsync(string method, JsonObject? parameters, CancellationToken cancellationToken)
    {
        var notification = new JsonRpcNotification { Method = method, Params = parameters };
        NotifyHere(notification);
        var payload = Encoding.UTF8.GetString(StreamEvent.Serialize(notification).Span);
        await _inbox.BroadcastAsync(new InboxMessage(InboxKind.Broadcast, "", Payload: payload), cancellationToken);
    }

    private void NotifyHere(JsonRpcNotification notification)
    {
        var uri = notification.Params?["uri"]?.GetValue<string>();
        var needed = uri is null ? Permission.None : _permissions.OfResource(uri);
        foreach (var stream in _getStreams.OpenStreams)
        {
            // The token that subscribed may have allowed more than the token that opened the stream.
            if (uri is null || stream.Subscriptions.Contains(uri) && needed.IsGrantedTo(stream.User))
            {
                stream.TrySend(notification);
            }
        }

        _listenStreams.Send(notification, uri);
    }
}
