using Microsoft.AspNetCore.Http;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Fleet;

namespace RemoteMcp.Sessions;

/// <summary>The SDK's hook: writes a session's row before initialize is answered, and lets any instance go on with it.</summary>
#pragma warning disable MCP9006 // Sessions of clients of 2025-11-25 and earlier need the hook; those clients are what it exists for.
internal sealed class SessionMigration(SessionStore store, FleetMembership fleet) : ISessionMigrationHandler
#pragma warning restore MCP9006
{
    public async ValueTask OnSessionInitializedAsync(HttpContext context, string sessionId, InitializeRequestParams initializeParams, CancellationToken cancellationToken)
    {
        await store.InsertAsync(sessionId, SessionRecord.Create(Caller.From(context.User).Key, initializeParams), cancellationToken);
        // From now on messages for the session may arrive elsewhere, so this instance must be known to listen.
        await fleet.StayAsync(cancellationToken);
    }

    public async ValueTask<InitializeRequestParams?> AllowSessionMigrationAsync(HttpContext context, string sessionId, CancellationToken cancellationToken)
    {
        var record = context.Features.Get<SessionRecord>() ?? await store.FindAsync(sessionId, cancellationToken);
        if (record is null || record.Caller != Caller.From(context.User).Key)
        {
            return null;
        }

        await fleet.StayAsync(cancellationToken);
        return record.ReadInitialize();
    }
}
