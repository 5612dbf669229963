using System.Text;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Sends messages that do not belong to a call. They go to the session's GET stream, on whichever instance it is open, and wait in the
/// backlog while there is no stream.
/// </summary>
internal sealed class StreamMessages(
    GetStreams streams, StreamClaims claims, Backlog backlog, Inbox inbox, FleetMembership fleet, TimeProvider time)
{
    private const int MaxRelayTries = 3;
    private static readonly TimeSpan s_lookTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Sends a message on the session's GET stream, on whichever instance it is open.</summary>
    /// <returns>
    /// Whether the message was sent, or will be sent with the next GET; <see langword="false"/> when no stream can take it.
    /// </returns>
    public async Task<bool> SendAsync(string session, JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var mayWait = message is not JsonRpcRequest;
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
                if (await inbox.SendAsync(claim.Instance, relayed, cancellationToken) == Delivery.Done)
                {
                    return true;
                }
            }

            if (!mayWait)
            {
                return false;
            }

            var row = await backlog.AddAsync(session, payload, cancellationToken);
            if ((await claims.FindAsync(session, cancellationToken))?.Epoch == claim.Epoch)
            {
                await LookAsync(session, claim.Instance, cancellationToken);
                return true;
            }

            if (!await backlog.TryRemoveAsync(session, row, cancellationToken))
            {
                return true;
            }

            // A GET claimed the stream meanwhile, and may have read the backlog before the message was in it. Try its stream.
        }

        return false;
    }

    /// <summary>
    /// Notifies the instance that serves the session now that an ended stream returned messages to the backlog. That instance may have read
    /// the backlog before the messages were in it.
    /// </summary>
    public async Task NotifyNewOwnerAsync(GetStream ended)
    {
        using var bound = new CancellationTokenSource(s_lookTimeout, time);
        try
        {
            if (await claims.FindAsync(ended.Session, bound.Token) is { } claim && claim.Epoch != ended.Epoch)
            {
                await LookAsync(ended.Session, claim.Instance, bound.Token);
            }
        }
        catch (Exception exception) when (exception is StateUnavailableException or OperationCanceledException)
        {
            // The next GET reads the backlog.
        }
    }

    // The stream may have been opened before the message was in the backlog, or may have been too slow to accept the message.
    private Task LookAsync(string session, string instance, CancellationToken cancellationToken)
    {
        if (instance != fleet.Id)
        {
            return inbox.LeaveAsync(instance, new InboxMessage(InboxKind.StreamWaiting, session), cancellationToken);
        }

        streams.DrainBacklog(session);
        return Task.CompletedTask;
    }
}
