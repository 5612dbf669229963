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
    GetStreams getStreams,
    Inbox inbox,
    IOptions<SessionOptions> options,
    TimeProvider time,
    ILogger<Sessions> logger) : IInboxHandler, IDisposable
{
    /// <summary>The prefix of the ids of requests that an instance sends to its own session on behalf of another instance.</summary>
    public const string RelayedId = "relayed-";

    private static readonly TimeSpan s_touchTimeout = TimeSpan.FromSeconds(15);

    private readonly PartitionedRateLimiter<string> _beginnings = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetSlidingWindowLimiter(caller, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.MaxNewPerMinute,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
        }));

    /// <summary>Returns whether the caller may begin another session now. The number is limited because each session costs a row.</summary>
    public bool MayBegin(Caller caller)
    {
        using var lease = _beginnings.AttemptAcquire(caller.Key);
        return lease.IsAcquired;
    }

    /// <summary>Applies the stored log level to a session that another instance began. The SDK's new object does not have it.</summary>
    public async Task RestoreAsync(string session, SessionRecord record, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (record.LogLevel is { } level)
        {
            await delivery.PostAsync(session, SetLevel(level), record.ReadInitialize().ProtocolVersion, user, cancellationToken);
        }
    }

    /// <summary>Stores a log level. When this method returns, every instance that has the session in memory has applied it.</summary>
    public async Task SetLevelAsync(string session, string level, ClaimsPrincipal? user, CancellationToken cancellationToken)
    {
        if (await store.UpdateAsync(session, record => record with { LogLevel = level }, cancellationToken))
        {
            await inbox.BroadcastAsync(Changed(session, level, user), cancellationToken);
        }
    }

    /// <summary>Changes the subscriptions of the session.</summary>
    /// <exception cref="McpProtocolException">There are too many subscriptions, or a URI is too long.</exception>
    public async Task SubscribeAsync(
        string session, Func<IEnumerable<string>, IEnumerable<string>> change, ClaimsPrincipal? user, CancellationToken cancellationToken)
    {
        string[] subscriptions = [];
        if (await store.UpdateAsync(
            session,
            record => record with { Subscriptions = subscriptions = Subscriptions.Check(change(record.Subscriptions ?? [])) },
            cancellationToken))
        {
            getStreams.SetSubscriptions(session, subscriptions);
            await inbox.BroadcastAsync(Changed(session, null, user), cancellationToken);
        }
    }

    /// <summary>Records that the session was used, at most once per interval and without delaying the response.</summary>
    public void Touch(string session, ClaimsPrincipal user)
    {
        if (live.TryGet(session, out var used) && used.ShouldTouch(time.GetUtcNow(), options.Value.TouchInterval))
        {
            _ = TouchAsync(session, user);
        }
    }

    /// <summary>Ends the session. When this method returns, every instance that had the session in memory has removed it.</summary>
    public async Task EndAsync(string session, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(session, cancellationToken);
        await EndHereAsync(session, user, cancellationToken);
        await inbox.BroadcastAsync(new InboxMessage(InboxKind.SessionEnded, session, Claims: CallerClaims.Pack(user)), cancellationToken);
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
                        message.Session, SetLevel(level), null, CallerClaims.Unpack(message.Claims), cancellationToken);
            case InboxKind.SessionChanged when getStreams.IsOpen(message.Session):
                getStreams.SetSubscriptions(
                    message.Session, (await store.FindAsync(message.Session, cancellationToken))?.Subscriptions ?? []);
                return true;
            default:
                return false;
        }
    }

    public void Dispose() => _beginnings.Dispose();

    private static InboxMessage Changed(string session, string? level, ClaimsPrincipal? user) =>
        new(InboxKind.SessionChanged, session, Payload: level, Claims: user is null ? null : CallerClaims.Pack(user));

    // The id only has to differ from the ids of the client.
    private static string SetLevel(string level) =>
        $$$"""{"jsonrpc":"2.0","id":"{{{RelayedId}}}{{{Guid.NewGuid():N}}}","method":"logging/setLevel","params":"""
            + $$$"""{"level":"{{{level}}}"}}""";

    private async Task TouchAsync(string session, ClaimsPrincipal user)
    {
        using var bound = new CancellationTokenSource(s_touchTimeout, time);
        try
        {
            if (!await store.UpdateAsync(session, static record => record, bound.Token))
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
