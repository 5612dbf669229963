using System.Security.Claims;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions;

/// <summary>
/// Checks whether a session exists for a caller. A session in memory is known to exist, because another instance that ends it notifies this
/// one. The row is read when the session is not in memory, or when this instance's lease had ended, so that it may have missed a message.
/// </summary>
internal sealed class SessionLookup(LiveSessions live, SessionStore store, Sessions sessions, FleetMembership fleet, TimeProvider time)
{
    private static readonly TimeSpan s_rowPatience = TimeSpan.FromSeconds(1);

    /// <returns>Whether the caller may use the session, and the session's row if it had to be read.</returns>
    public async ValueTask<(bool Exists, SessionRecord? Row)> FindAsync(
        string id, Caller caller, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!live.TryGet(id, out var local) || local.Caller != caller.Key)
        {
            var row = await store.FindAsync(id, cancellationToken);
            return (row?.Caller == caller.Key, row);
        }

        var term = fleet.Term;
        // The lease is taken while a session begins, after the SDK has created its object. Such a session has no term yet.
        if (term != LiveSession.NoTerm && local.Term is var seen && (seen == term || seen == LiveSession.NoTerm))
        {
            local.Term = term;
            return (true, null);
        }

        return await FindMissedAsync(local, term, user, cancellationToken);
    }

    // An instance whose lease had ended, because its storage was down, did not receive the messages that were sent meanwhile.
    private async Task<(bool Exists, SessionRecord? Row)> FindMissedAsync(
        LiveSession local, int term, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_rowPatience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        SessionRecord? row;
        try
        {
            row = await store.FindAsync(local.Id, ends.Token).WaitAsync(ends.Token);
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
