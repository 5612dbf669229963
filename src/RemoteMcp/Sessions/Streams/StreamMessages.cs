using System.Text;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Sends messages that do not belong to a call. They go to the session's GET stream, on whichever instance it is open. Notifications wait
/// in the backlog while no stream is open. Requests do not wait, because the code that sent them waits for the answer.
/// </summary>
internal sealed class StreamMessages(
    GetStreams streams, StreamClaims claims, Backlog backlog, Inbox inbox, FleetMembership fleet, TimeProvider time)
{
    private const int MaxRelayTries = 3;
    private static readonly TimeSpan s_notifyTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Sends a message on the session's GET stream, on whichever instance it is open.</summary>
    /// <returns>
    /// Whether a stream has accepted the message or it is in the backlog; <see langword="false"/> when the message is dropped.
    /// </returns>
    public async Task<bool> SendAsync(string session, JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var mayUseBacklog = message is not JsonRpcRequest;
        for (var i = 0; i < MaxRelayTries; i++)
        {
            if (streams.TrySend(session, message))
            {
                return true;
            }

            if (await claims.FindAsync(session, cancellationToken) is not { } claim)
            {
                return false;
            }

            var payload = StreamEvent.Serialize(message);
            if (claim.Instance != fleet.Id)
            {
                var relayed = new InboxMessage(InboxKind.StreamEvent, session, Payload: Encoding.UTF8.GetString(payload.Span));
                var delivery = await inbox.SendAsync(claim.Instance, relayed, cancellationToken);
                // A notification that the other instance has claimed must not be sent a second time.
                if (delivery == Delivery.Done || (delivery == Delivery.Unknown && mayUseBacklog))
                {
                    return true;
                }
            }

            if (!mayUseBacklog)
            {
                return false;
            }

            var row = await backlog.AddAsync(session, payload, cancellationToken);
            if ((await claims.FindAsync(session, cancellationToken))?.Epoch == claim.Epoch)
            {
                await RequestBacklogReadAsync(session, claim.Instance, cancellationToken);
                return true;
            }

            if (!await backlog.TryRemoveAsync(session, row, cancellationToken))
            {
                return true;
            }

            // Another GET has claimed the stream meanwhile, and may have read the backlog before the message was in it. The next try sends
            // the message to that stream.
        }

        return false;
    }

    /// <summary>
    /// Notifies the instance that now serves the session's GET stream, after an ended stream has put its unsent messages into the backlog.
    /// The instance may have read the backlog before the messages were in it.
    /// </summary>
    public async Task NotifyNewOwnerAsync(GetStream ended)
    {
        using var bound = new CancellationTokenSource(s_notifyTimeout, time);
        try
        {
            if (await claims.FindAsync(ended.Session, bound.Token) is { } claim && claim.Epoch != ended.Epoch)
            {
                await RequestBacklogReadAsync(ended.Session, claim.Instance, bound.Token);
            }
        }
        catch (Exception exception) when (exception is StateUnavailableException or OperationCanceledException)
        {
            // The next GET reads the backlog.
        }
    }

    // The stream may have read the backlog before the message was in it, or may have been too slow to accept the message directly.
    private Task RequestBacklogReadAsync(string session, string instance, CancellationToken cancellationToken)
    {
        if (instance != fleet.Id)
        {
            return inbox.EnqueueAsync(instance, new InboxMessage(InboxKind.StreamWaiting, session), cancellationToken);
        }

        streams.DrainBacklog(session);
        return Task.CompletedTask;
    }
}
