using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using RemoteMcp.Http;
using RemoteMcp.Relay;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// The GET streams of sessions (2025-11-25, Transports, "Listening for Messages from the Server"). A session has one at a time, on the
/// instance that got the newest GET; what other instances raise is relayed there, and waits in the backlog while there is none.
/// </summary>
internal sealed class GetStreams(
    StreamClaims claims,
    EventRows rows,
    Backlog backlog,
    Inbox inbox,
    FleetMembership fleet,
    Attention attention,
    Shutdown shutdown) : IInboxHandler
{
    private const int MaxRelayTries = 3;

    private readonly ConcurrentDictionary<string, GetStream> _streams = new(StringComparer.Ordinal);

    /// <summary>The streams that are served here now.</summary>
    public IEnumerable<GetStream> Open => _streams.Values;

    /// <summary>Makes this instance the one that serves the session's GET stream; the one before has ended when this returns.</summary>
    public async Task<StreamClaim> ClaimAsync(string session, CancellationToken cancellationToken)
    {
        await fleet.StayAsync(cancellationToken);
        var (claim, before) = await claims.ClaimAsync(session, fleet.Id, cancellationToken);
        if (before is not null && before.Instance != fleet.Id)
        {
            await inbox.SendAsync(before.Instance, new InboxMessage(InboxKind.StreamClaimed, session), cancellationToken);
        }

        await EndAsync(session, cancellationToken);
        return claim;
    }

    /// <summary>Serves a session's GET stream until the client leaves, another GET claims it or the server stops.</summary>
    /// <param name="session">The session.</param>
    /// <param name="user">Who asks for it.</param>
    /// <param name="claim">This instance's claim on the stream.</param>
    /// <param name="record">The session's row.</param>
    /// <param name="after">The last event that the client has; what came after it is replayed.</param>
    /// <param name="prime">Whether the client understands an event without data, which gives it an id to resume from.</param>
    /// <param name="cancellationToken">Cancelled when the client has left.</param>
    public async IAsyncEnumerable<StreamEvent> ServeAsync(
        string session, ClaimsPrincipal user, StreamClaim claim, SessionRecord record, EventId? after, bool prime, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, shutdown.Stopping);
        using var hold = attention.Hold(urgent: false);
        await using var stream = new GetStream(session, user, claim.Epoch, rows) { Subscriptions = new HashSet<string>(record.Subscriptions ?? []) };
        _streams[session] = stream;
        try
        {
            if (prime)
            {
                yield return stream.Prime();
            }

            if (after is { } last)
            {
                await foreach (var missed in rows.ReadAfterAsync(session, last, ends.Token))
                {
                    yield return missed;
                }
            }

            await foreach (var waiting in backlog.TakeAsync(session, ends.Token))
            {
                yield return stream.Number(waiting);
            }

            await foreach (var raised in stream.ReadAsync(ends.Token))
            {
                yield return raised;
            }
        }
        finally
        {
            _streams.TryRemove(KeyValuePair.Create(session, stream));
        }
    }

    /// <summary>Sends a message on the session's GET stream, wherever it is.</summary>
    /// <returns>Whether it was sent, or will be with the next GET; <see langword="false"/> when the client never opened a stream.</returns>
    public async Task<bool> SendAsync(string session, JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var mayWait = message is not JsonRpcRequest;
        for (var i = 0; i < MaxRelayTries; i++)
        {
            if (_streams.TryGetValue(session, out var here) && here.TrySend(message))
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
            if ((await claims.FindAsync(session, cancellationToken))?.Epoch == claim.Epoch || !await backlog.TryRemoveAsync(session, row, cancellationToken))
            {
                return true;
            }

            // A GET came meanwhile and may have looked before the message was there: once more, to its stream.
        }

        return false;
    }

    public async ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        if (message.Kind is not (InboxKind.StreamClaimed or InboxKind.StreamEvent or InboxKind.SessionEnded)
            || !_streams.TryGetValue(message.Session, out var stream))
        {
            return false;
        }

        if (message.Kind == InboxKind.StreamEvent)
        {
            return stream.TrySend(JsonSerializer.Deserialize(message.Payload!, StreamEvent.MessageTypeInfo)!);
        }

        await stream.EndAsync(cancellationToken);
        return true;
    }

    public bool IsOpen(string session) => _streams.ContainsKey(session);

    public void SetSubscriptions(string session, IEnumerable<string> uris)
    {
        if (_streams.TryGetValue(session, out var stream))
        {
            stream.Subscriptions = uris.ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>Ends the session's stream here, if there is one.</summary>
    public Task EndAsync(string session, CancellationToken cancellationToken) =>
        _streams.TryGetValue(session, out var stream) ? stream.EndAsync(cancellationToken) : Task.CompletedTask;
}
