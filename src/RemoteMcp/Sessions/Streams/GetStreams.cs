using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using RemoteMcp.Http;
using RemoteMcp.Relay;
using RemoteMcp.State;

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
    Shutdown shutdown,
    TimeProvider time) : IInboxHandler
{
    private const int MaxRelayTries = 3;
    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, GetStream> _streams = new(StringComparer.Ordinal);

    /// <summary>The streams that are served here now.</summary>
    public IEnumerable<GetStream> Open => _streams.Values;

    /// <summary>Makes this instance the one that serves the session's GET stream; the one before has ended when this returns.</summary>
    /// <returns>The stream, which takes what is raised for it; <see cref="CloseAsync"/> ends it.</returns>
    public async Task<GetStream> OpenAsync(string session, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        // Before the lease is looked at: it is not given up while somebody is attentive.
        var hold = attention.Hold(urgent: false);
        try
        {
            await fleet.StayAsync(cancellationToken);
            var (claim, before) = await claims.ClaimAsync(session, fleet.Id, cancellationToken);
            if (before is not null && before.Instance != fleet.Id)
            {
                var claimed = new InboxMessage(InboxKind.StreamClaimed, session, Subject: claim.Epoch.ToString(CultureInfo.InvariantCulture));
                await inbox.TellAsync(before.Instance, claimed, cancellationToken);
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

    /// <summary>The events of a stream until the client leaves, another GET claims it or the server stops.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="after">The last event that the client has; what came after it is replayed.</param>
    /// <param name="prime">Whether the client understands an event without data, which gives it an id to resume from.</param>
    /// <param name="cancellationToken">Cancelled when the client has left.</param>
    public async IAsyncEnumerable<StreamEvent> ReadAsync(GetStream stream, EventId? after, bool prime, [EnumeratorCancellation] CancellationToken cancellationToken)
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

    /// <summary>Ends a stream that was opened here. Completes when everything sent can be replayed.</summary>
    public async Task CloseAsync(GetStream stream)
    {
        // Known until then: a GET that comes meanwhile waits for what it has to replay.
        var waits = await stream.FinishAsync();
        _streams.TryRemove(KeyValuePair.Create(stream.Session, stream));
        if (waits)
        {
            await LookElsewhereAsync(stream);
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

    public async ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        _streams.TryGetValue(message.Session, out var stream);
        switch (message.Kind)
        {
            case InboxKind.StreamWaiting:
                stream?.Look();
                return true;
            case InboxKind.StreamEvent when stream is not null:
                return stream.TrySend(JsonSerializer.Deserialize(message.Payload!, StreamEvent.MessageTypeInfo)!);
            case InboxKind.StreamClaimed when stream is not null:
                // What a client asked for and gave up may arrive after it asked here.
                var epoch = long.TryParse(message.Subject, NumberStyles.None, CultureInfo.InvariantCulture, out var claimed) ? claimed : long.MaxValue;
                await EndOlderAsync(message.Session, epoch, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    public bool IsOpen(string session) => _streams.ContainsKey(session);

    public void SetSubscriptions(string session, IEnumerable<string> uris)
    {
        if (_streams.TryGetValue(session, out var stream))
        {
            stream.Subscribe(uris);
        }
    }

    /// <summary>Ends the session's stream here, if there is one, and does not wait for that.</summary>
    public void Complete(string session)
    {
        if (_streams.TryGetValue(session, out var stream))
        {
            stream.Complete();
        }
    }

    // Of those that are opened at the same time the last to claim it stays.
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
            stream.Look();
        }
    }

    private Task EndOlderAsync(string session, long epoch, CancellationToken cancellationToken) =>
        _streams.TryGetValue(session, out var stream) && stream.Epoch < epoch ? stream.EndAsync(cancellationToken) : Task.CompletedTask;

    // Whoever serves the session by now may have looked before a slow stream gave back what it had not sent.
    private async Task LookElsewhereAsync(GetStream ended)
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

        if (_streams.TryGetValue(session, out var stream))
        {
            stream.Look();
        }

        return Task.CompletedTask;
    }
}
