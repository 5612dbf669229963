using Microsoft.AspNetCore.Http;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Fleet;

namespace RemoteMcp.Sessions;

/// <summary>
/// Implements the SDK's session migration. It writes the session's row before the response to initialize. An instance that does not have
/// the session in memory continues the session from this row.
/// </summary>
#pragma warning disable MCP9006 // Sessions of clients of 2025-11-25 and earlier need the hook; those clients are what it exists for.
internal sealed class SessionMigration(SessionStore store, SessionHolders holders, SessionDemand demand, FleetMembership fleet)
    : ISessionMigrationHandler
#pragma warning restore MCP9006
{
    /// <summary>Writes the row of a new session before the client gets the response to initialize.</summary>
    public async ValueTask OnSessionInitializedAsync(
        HttpContext context, string sessionId, InitializeRequestParams initializeParams, CancellationToken cancellationToken)
    {
        var record = holders.WithThisInstance(SessionRecord.Create(Caller.From(context.User).Key, initializeParams));
        await store.InsertAsync(sessionId, record, cancellationToken);
        // From now on, other instances may have messages for the session, so this instance needs a lease.
        demand.OnUsed();
        await fleet.EnsureLeaseAsync(cancellationToken);
    }

    /// <summary>Returns the initialize parameters from the row of a session that this instance does not have in memory.</summary>
    /// <returns>The parameters, or <see langword="null"/> when the session does not exist or belongs to another caller.</returns>
    public async ValueTask<InitializeRequestParams?> AllowSessionMigrationAsync(
        HttpContext context, string sessionId, CancellationToken cancellationToken)
    {
        var record = context.Features.Get<SessionRecord>() ?? await store.FindAsync(sessionId, cancellationToken);
        if (record is null || record.Caller != Caller.From(context.User).Key)
        {
            return null;
        }

        demand.OnUsed();
        await fleet.EnsureLeaseAsync(cancellationToken);
        return record.ReadInitialize();
    }
}
