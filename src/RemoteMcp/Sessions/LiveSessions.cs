using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Fleet;

namespace RemoteMcp.Sessions;

/// <summary>Keeps track of the sessions in this instance's memory.</summary>
internal sealed class LiveSessions(SessionIds ids, FleetMembership fleet, SessionDemand demand, TimeProvider time)
{
    /// <summary>
    /// The separator between the instance, the nonce of the session object, and the number in the ids of requests to clients.
    /// </summary>
    public const char Separator = '.';

    private readonly ConcurrentDictionary<string, LiveSession> _sessions = new(StringComparer.Ordinal);

    public bool TryGet(string? id, [NotNullWhen(true)] out LiveSession? session)
    {
        session = null;
        return id is not null && _sessions.TryGetValue(id, out session);
    }

    /// <summary>
    /// Runs a session of the SDK (<c>HttpServerTransportOptions.RunSessionHandler</c>) and registers it while it runs. Request ids contain
    /// a nonce of the session object. If the SDK removes an idle object and creates another one, the new object never receives an answer
    /// to a request of the first.
    /// </summary>
    public async Task RunAsync(HttpContext context, McpServer server, CancellationToken cancellationToken)
    {
        if (server.SessionId is not { Length: > 0 } id)
        {
            await server.RunAsync(cancellationToken);
            return;
        }

        var prefix = $"{fleet.Id}{Separator}{RandomNumberGenerator.GetHexString(8, lowercase: true)}{Separator}";
        var caller = Caller.From(context.User).Key;
        var sign = await ids.RequestSignerAsync(id, cancellationToken);
        var session = new LiveSession(id, caller, server, prefix, sign, time.GetUtcNow(), fleet.Term)
        {
            RestoredRevision = context.Features.Get<SessionRecord>()?.ReadInitialize().ProtocolVersion,
        };
        _sessions[id] = session;
        try
        {
            demand.OnUsed();
            await server.RunAsync(cancellationToken);
        }
        finally
        {
            _sessions.TryRemove(KeyValuePair.Create(id, session));
        }
    }

    /// <summary>
    /// Returns the instance that the fleet id of a request to a client names, or <see langword="null"/> when it is not a fleet id.
    /// </summary>
    public static string? InstanceOf(string? fleetId)
    {
        var end = fleetId?.IndexOf(Separator, StringComparison.Ordinal) ?? -1;
        return end > 0 && FleetMembership.IsInstanceId(fleetId.AsSpan(0, end)) ? fleetId![..end] : null;
    }
}
