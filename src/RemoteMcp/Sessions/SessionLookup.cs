using System.Security.Claims;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions;

/// <summary>
/// Checks whether a session exists for a caller. A session in memory exists, because an instance that ends a session notifies all others.
/// The row is read in two cases: the session is not in memory, or this instance had no lease and may have missed such a message.
/// </summary>
internal sealed class SessionLookup(
    LiveSessions live, SessionStore store, Sessions sessions, SessionDemand demand, FleetMembership fleet, TimeProvider time)
{
    private static readonly TimeSpan s_rowTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Checks whether the session exists and belongs to the caller.</summary>
    /// <returns>Whether the caller may use the session, and the session's row if it was read.</returns>
    public async ValueTask<(bool Exists, SessionRecord? Row)> FindAsync(
        string id, Caller caller, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!live.TryGet(id, out var local) || local.Caller != caller.Key)
        {
            var row = await store.FindAsync(id, cancellationToken);
            return (row?.Caller == caller.Key, row);
        }

        demand.OnUsed();
        var term = fleet.Term;
        // The first session of an instance without a lease begins before the lease is taken. Such a session has no term yet.
        if (term != LiveSession.NoTerm && local.Term is var seen && (seen == term || seen == LiveSession.NoTerm))
        {
            local.Term = term;
            return (true, null);
        }

        return await CheckRowAsync(local, user, cancellationToken);
    }

    // While an instance has no lease, because its sessions are not used or its storage is down, others send it no message about the end of
    // a session. The lease is taken before the row is read, so that no message is missed after the read.
    private async Task<(bool Exists, SessionRecord? Row)> CheckRowAsync(
        LiveSession local, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_rowTimeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        SessionRecord? row;
        int term;
        try
        {
            await fleet.EnsureLeaseAsync(bound.Token).AsTask().WaitAsync(bound.Token);
            term = fleet.Term;
            row = await store.FindAsync(local.Id, bound.Token).WaitAsync(bound.Token);
        }
        catch (Exception exception) when (exception is StateUnavailableException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // While the storage is down, no instance can end or change the session either.
            return (true, null);
        }

        if (row?.Caller != local.Caller)
        {
            await sessions.EndHereAsync(local.Id, user, cancellationToken);
            return (false, null);
        }

        local.Term = term == LiveSession.NoTerm ? local.Term : term;
        return (true, row);
    }
}
