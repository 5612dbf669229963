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
/// The GET streams of sessions that are open here (2025-11-25, Transports, "Listening for Messages from the Server"). A session has one at
/// a time, on the instance that got the newest GET.
/// </summary>
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

    /// <summary>The streams that are served here now.</summary>
    public IEnumerable<GetStream> Open => _streams.Values;

    /// <summary>Makes this instance the one that serves the session's GET stream; the one before has ended when this returns.</summary>
    /// <returns>The stream, which takes what is raised for it; <see cref="CloseAsync"/> ends it.</returns>
    public async Task<GetStream> OpenAsync(string session, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        // Before the lease is looked at: it is not given up while somebody is attentive.
        var hold = demand.Acquire(urgent: false);
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
    /// <returns>Whether something that it took waits in the backlog now.</returns>
    public async Task<bool> CloseAsync(GetStream stream)
    {
        // Known until then: a GET that comes meanwhile waits for what it has to replay.
        var waits = await stream.FinishAsync();
        _streams.TryRemove(KeyValuePair.Create(stream.Session, stream));
        return waits;
    }

    /// <summary>Sends a message on the session's stream here.</summary>
    /// <returns>Whether it will be sent; <see langword="false"/> where there is no stream, or its client does not read.</returns>
    public bool TrySend(string session, JsonRpcMessage message) => _streams.TryGetValue(session, out var stream) && stream.TrySend(message);

    /// <summary>Sends what waits in the backlog on the session's stream here, if there is one.</summary>
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
            stream.DrainBacklog();
        }
    }

    private Task EndOlderAsync(string session, long epoch, CancellationToken cancellationToken) =>
        _streams.TryGetValue(session, out var stream) && stream.Epoch < epoch ? stream.EndAsync(cancellationToken) : Task.CompletedTask;
}
