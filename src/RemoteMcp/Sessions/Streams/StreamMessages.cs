using System.Text;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// What belongs to no call: it goes out on the session's GET stream, wherever that is open, and waits in the backlog while there is none.
/// </summary>
internal sealed class StreamMessages(GetStreams streams, StreamClaims claims, Backlog backlog, Inbox inbox, FleetMembership fleet, TimeProvider time)
{
    private const int MaxRelayTries = 3;
    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Sends a message on the session's GET stream, wherever it is.</summary>
    /// <returns>Whether it was sent, or will be with the next GET; <see langword="false"/> when the client never opened a stream.</returns>
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

            // A GET came meanwhile and may have looked before the message was there: once more, to its stream.
        }

        return false;
    }

    /// <summary>
    /// Says that a stream has given back what it took and did not send, to whoever serves the session by now and may have looked before.
    /// </summary>
    public async Task NotifyNewOwnerAsync(GetStream ended)
    {
        using var bound = new CancellationTokenSource(LookTimeout, time);
        try
        {
            if (await claims.FindAsync(ended.Session, bound.Token) is { } claim && claim.Epoch != ended.Epoch)
            {
                await LookAsync(ended.Session, claim.Instance, bound.Token);
            }
        }
        catch (Exception exception) when (exception is StateUnavailableException or OperationCanceledException)
        {
            // The next GET looks.
        }
    }

    // The stream may have been opened, or have been too slow to take the message, before the message was in the backlog.
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
