using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions.Streams;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions;

/// <summary>
/// Manages the lifetime of sessions across the fleet: it limits new sessions, and restores, changes, extends, and ends existing ones.
/// </summary>
internal sealed partial class Sessions(
    SessionStore store,
    LiveSessions live,
    SessionDelivery delivery,
    SessionHolders holders,
    GetStreams getStreams,
    StreamClaims claims,
    FleetMembership fleet,
    Inbox inbox,
    IOptions<SessionOptions> options,
    TimeProvider time,
    ILogger<Sessions> logger) : IInboxHandler, IDisposable
{
    /// <summary>The prefix of the ids of requests that this server, and not the client, sends to a session in its memory.</summary>
    public const string RelayedId = "relayed-";

    private static readonly TimeSpan s_touchTimeout = TimeSpan.FromSeconds(15);

    private readonly PartitionedRateLimiter<string> _newSessions = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetSlidingWindowLimiter(caller, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.MaxNewPerMinute,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
        }));

    /// <summary>Counts a new session of the caller. The number per minute is limited, because each session needs a row.</summary>
    /// <returns>Whether the caller may begin the session.</returns>
    public bool TryBegin(Caller caller)
    {
        using var lease = _newSessions.AttemptAcquire(caller.Key);
        return lease.IsAcquired;
    }

    /// <summary>Applies the log level of the row to the SDK's object in this instance's memory, which may be new or out of date.</summary>
    public async Task RestoreAsync(string session, SessionRecord record, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (record.LogLevel is { } level)
        {
            await delivery.PostAsync(session, SetLevelRequest(level), record.ReadInitialize().ProtocolVersion, user, cancellationToken);
        }
    }

    /// <summary>
    /// Stores a log level, and notifies the other instances that hold the session. An instance that does not respond within the delivery
    /// timeout applies it late.
    /// </summary>
    public async Task SetLevelAsync(string session, string level, ClaimsPrincipal? user, CancellationToken cancellationToken)
    {
        if (await store.UpdateAsync(session, record => record with { LogLevel = level }, cancellationToken) is { } changed)
        {
            await holders.SendAsync(changed, ChangedMessage(session, level, user), cancellationToken);
        }
    }

    /// <summary>Changes the subscriptions in the session's row, and notifies the instance that has its GET stream.</summary>
    /// <exception cref="McpProtocolException">There are too many subscriptions, or a URI is too long.</exception>
    public async Task SubscribeAsync(
        string session, Func<IEnumerable<string>, IEnumerable<string>> change, ClaimsPrincipal? user, CancellationToken cancellationToken)
    {
        string[] subscriptions = [];
        if (await store.UpdateAsync(
            session,
            record => record with { Subscriptions = subscriptions = Subscriptions.Check(change(record.Subscriptions ?? [])) },
            cancellationToken) is null)
        {
            return;
        }

        getStreams.SetSubscriptions(session, subscriptions);
        if (await claims.FindAsync(session, cancellationToken) is { } claim && claim.Instance != fleet.Id)
        {
            await inbox.SendAndKeepAsync(claim.Instance, ChangedMessage(session, null, user), cancellationToken);
        }
    }

    /// <summary>
    /// Extends the expiry of the row of a session that is used, at most once per <see cref="SessionOptions.TouchInterval"/> and without
    /// delaying the response.
    /// </summary>
    public void Touch(string session, ClaimsPrincipal user)
    {
        if (live.TryGet(session, out var used) && used.ShouldTouch(time.GetUtcNow(), options.Value.TouchInterval))
        {
            _ = TouchAsync(session, user);
        }
    }

    /// <summary>
    /// Ends the session: deletes its row, and then removes it from the memory of every instance that holds it. An instance that does not
    /// respond within the delivery timeout removes it late.
    /// </summary>
    public async Task EndAsync(string session, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var ended = await store.DeleteAsync(session, cancellationToken);
        await EndHereAsync(session, user, cancellationToken);
        var message = new InboxMessage(InboxKind.SessionEnded, session, Claims: CallerClaims.Pack(user));
        // Without the row, for example after a deletion whose response was lost, any instance may have the session.
        await (ended is null ? inbox.BroadcastAsync(message, cancellationToken) : holders.SendAsync(ended, message, cancellationToken));
    }

    /// <summary>Ends the session in this instance's memory only.</summary>
    public async Task EndHereAsync(string session, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        getStreams.Complete(session);
        if (live.TryGet(session, out _))
        {
            await delivery.DeleteAsync(session, user, cancellationToken);
        }
    }

    public async ValueTask<bool> TryHandleAsync(InboxMessage message, CancellationToken cancellationToken)
    {
        switch (message.Kind)
        {
            case InboxKind.SessionEnded:
                await EndHereAsync(message.Session, CallerClaims.Unpack(message.Claims), cancellationToken);
                return true;
            case InboxKind.SessionChanged when message.Payload is { } level:
                return live.TryGet(message.Session, out _)
                    && await delivery.PostAsync(
                        message.Session, SetLevelRequest(level), null, CallerClaims.Unpack(message.Claims), cancellationToken);
            case InboxKind.SessionChanged when getStreams.IsOpen(message.Session):
                getStreams.SetSubscriptions(
                    message.Session, (await store.FindAsync(message.Session, cancellationToken))?.Subscriptions ?? []);
                return true;
            default:
                return false;
        }
    }

    public void Dispose() => _newSessions.Dispose();

    private static InboxMessage ChangedMessage(string session, string? level, ClaimsPrincipal? user) =>
        new(InboxKind.SessionChanged, session, Payload: level, Claims: user is null ? null : CallerClaims.Pack(user));

    // The id must differ from the ids of the client's requests.
    private static string SetLevelRequest(string level) =>
        $$$"""{"jsonrpc":"2.0","id":"{{{RelayedId}}}{{{Guid.NewGuid():N}}}","method":"logging/setLevel","params":"""
            + $$$"""{"level":"{{{level}}}"}}""";

    private async Task TouchAsync(string session, ClaimsPrincipal user)
    {
        using var bound = new CancellationTokenSource(s_touchTimeout, time);
        try
        {
            if (await store.UpdateAsync(session, static record => record with { }, bound.Token) is null)
            {
                // Another instance ended the session while this one could not receive messages.
                await EndHereAsync(session, user, bound.Token);
            }
        }
        catch (Exception exception) when (exception is StateUnavailableException or OperationCanceledException)
        {
            LogTouchFailed(logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server could not record that a session was used. It will record a later use.")]
    private static partial void LogTouchFailed(ILogger logger, Exception exception);
}
