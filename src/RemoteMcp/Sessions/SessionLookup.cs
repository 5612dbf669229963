using System.Security.Claims;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions;

/// <summary>
/// Whether a session is there for a caller. In memory it is known to be, as its end elsewhere would have been told; where this instance
/// does not have it, or was not to be told for a while, its row says so.
/// </summary>
internal sealed class SessionLookup(LiveSessions live, SessionStore store, Sessions sessions, FleetMembership fleet, TimeProvider time)
{
    private static readonly TimeSpan RowPatience = TimeSpan.FromSeconds(1);

    /// <returns>Whether the caller may use the session, with its row where that had to be read.</returns>
    public async ValueTask<(bool Exists, SessionRecord? Row)> FindAsync(string id, Caller caller, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (!live.TryGet(id, out var local) || local.Caller != caller.Key)
        {
            var row = await store.FindAsync(id, cancellationToken);
            return (row?.Caller == caller.Key, row);
        }

        var term = fleet.Term;
        // The lease is taken while a session begins, after the SDK has made its object.
        if (term != LiveSession.NoTerm && local.Term is var seen && (seen == term || seen == LiveSession.NoTerm))
        {
            local.Term = term;
            return (true, null);
        }

        return await FindMissedAsync(local, term, user, cancellationToken);
    }

    // An instance whose lease had ended, because storage was down for it, was not told of what happened meanwhile.
    private async Task<(bool Exists, SessionRecord? Row)> FindMissedAsync(LiveSession local, int term, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(RowPatience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        SessionRecord? row;
        try
        {
            row = await store.FindAsync(local.Id, ends.Token).WaitAsync(ends.Token);
        }
        catch (Exception exception) when (exception is StateUnavailableException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // While storage is down nobody can end or change it either.
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
