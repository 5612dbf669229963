using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Http;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Serves the GET streams of sessions that are open on this instance (2025-11-25, Transports, "Listening for Messages from the Server").
/// </summary>
/// <remarks>
/// A session has at most one GET stream, on the instance that received the newest GET request. That instance claims the stream: it replaces
/// the session's claim row with its own ID and a higher epoch (see <see cref="StreamClaims"/>). It then asks the previous instance to end
/// its stream, and waits until every event that was sent there can be replayed, at most for the delivery timeout. The epoch is part of the
/// event ids, so that the events of all claims have one order.
/// </remarks>
internal sealed class GetStreams(
    StreamClaims claims,
    EventRows rows,
    Backlog backlog,
    Inbox inbox,
    FleetMembership fleet,
    PollingDemand demand,
    Shutdown shutdown,
    TimeProvider time) : IInboxHandler
{
    private readonly ConcurrentDictionary<string, GetStream> _streams = new(StringComparer.Ordinal);

    /// <summary>Gets the streams that this instance serves now.</summary>
    public IEnumerable<GetStream> OpenStreams => _streams.Values;

    /// <summary>
    /// Claims the session's GET stream for this instance, and ends the previous stream. A previous instance that does not respond within
    /// the delivery timeout ends its stream late.
    /// </summary>
    /// <returns>The stream, which accepts messages. The caller ends it with <see cref="CloseAsync"/>.</returns>
    public async Task<GetStream> OpenAsync(string session, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        // The polling demand is acquired first, so that this instance does not give up the lease that the next line takes.
        var hold = demand.Acquire(urgent: false);
        try
        {
            await fleet.EnsureLeaseAsync(cancellationToken);
            var (claim, before) = await claims.ClaimAsync(session, fleet.Id, cancellationToken);
            if (before is not null && before.Instance != fleet.Id)
            {
                var claimed = new InboxMessage(
                    InboxKind.StreamClaimed, session, Subject: claim.Epoch.ToString(CultureInfo.InvariantCulture));
                await inbox.SendAndKeepAsync(before.Instance, claimed, cancellationToken);
            }

            await EndOlderAsync(session, claim.Epoch, cancellationToken);
            var stream = new GetStream(session, user, claim.Epoch, rows, backlog, hold, time);
            Register(stream);
            return stream;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Returns the events of a stream until the client leaves, another GET claims the stream, or the server stops.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="after">The last event that the client received, to replay later events; otherwise <see langword="null"/>.</param>
    /// <param name="prime">
    /// Whether the client understands a priming event, which has no data and gives the client an id to resume from.
    /// </param>
    /// <param name="cancellationToken">The token that is cancelled when the client has left.</param>
    public async IAsyncEnumerable<StreamEvent> ReadAsync(
        GetStream stream, EventId? after, bool prime, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, shutdown.Stopping);
        if (prime)
        {
            yield return stream.Prime();
        }

        if (after is { } last)
        {
            await foreach (var missed in rows.ReadAfterAsync(stream.Session, last, ends.Token))
            {
                yield return missed;
            }
        }

        await foreach (var raised in stream.ReadAsync(ends.Token))
        {
            yield return raised;
        }
    }

    /// <summary>
    /// Ends a stream that was opened on this instance. The task completes when the sent events are written for replay, or the writes
    /// failed.
    /// </summary>
    /// <returns>Whether the backlog has messages of this stream now.</returns>
    public async Task<bool> CloseAsync(GetStream stream)
    {
        // The stream stays registered while it writes its events, so that a new GET on this instance waits for them and can replay them.
        var hasBacklog = await stream.FinishAsync();
        _streams.TryRemove(KeyValuePair.Create(stream.Session, stream));
        return hasBacklog;
    }

    /// <summary>Sends a message on the session's stream on this instance.</summary>
    /// <returns>Whether the message will be sent; <see langword="false"/> when there is no stream, or its client does not read.</returns>
    public bool TrySend(string session, JsonRpcMessage message) => _streams.TryGetValue(session, out var stream) && stream.TrySend(message);

    /// <summary>Sends the messages in the backlog on the session's stream on this instance, if there is one.</summary>
    public void DrainBacklog(string session)
    {
        if (_streams.TryGetValue(session, out var stream))
        {
            stream.DrainBacklog();
        }
    }

    public async ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        switch (message.Kind)
        {
            case InboxKind.StreamWaiting:
                DrainBacklog(message.Session);
                return true;
            case InboxKind.StreamEvent:
                return TrySend(message.Session, JsonSerializer.Deserialize(message.Payload!, StreamEvent.MessageTypeInfo)!);
            case InboxKind.StreamClaimed:
                // The message may be late: this instance may have received a newer GET since. Therefore only a stream with a lower epoch
                // ends.
                var epoch = long.TryParse(message.Subject, NumberStyles.None, CultureInfo.InvariantCulture, out var claimed)
                    ? claimed
                    : long.MaxValue;
                await EndOlderAsync(message.Session, epoch, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Returns whether this instance has the session's GET stream.</summary>
    public bool IsOpen(string session) => _streams.ContainsKey(session);

    public void SetSubscriptions(string session, IEnumerable<string> uris)
    {
        if (_streams.TryGetValue(session, out var stream))
        {
            stream.SetSubscriptions(uris);
        }
    }

    /// <summary>Ends the session's stream on this instance, if there is one, without waiting for its end.</summary>
    public void Complete(string session)
    {
        if (_streams.TryGetValue(session, out var stream))
        {
            stream.Complete();
        }
    }

    // When several streams are opened at the same time, the one with the highest epoch stays.
    private void Register(GetStream stream)
    {
        GetStream? replaced = null;
        var registered = _streams.AddOrUpdate(stream.Session, stream, (_, open) =>
        {
            replaced = open.Epoch > stream.Epoch ? stream : open;
            return open.Epoch > stream.Epoch ? open : stream;
        });
        replaced?.Complete();
        if (registered == stream)
        {
            stream.DrainBacklog();
        }
    }

    private Task EndOlderAsync(string session, long epoch, CancellationToken cancellationToken) =>
        _streams.TryGetValue(session, out var stream) && stream.Epoch < epoch ? stream.EndAsync(cancellationToken) : Task.CompletedTask;
}
