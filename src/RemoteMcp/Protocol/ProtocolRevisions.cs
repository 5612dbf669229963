using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Protocol;

/// <summary>Defines the revisions of MCP that this server supports.</summary>
internal static class ProtocolRevisions
{
    /// <summary>The header that contains the protocol revision of a request.</summary>
    public const string HeaderName = "MCP-Protocol-Version";

    /// <summary>The first revision without <c>initialize</c> and sessions.</summary>
    public const string Stateless = "2026-07-28";

    /// <summary>
    /// The first revision in which clients accept a priming event: an event with an id and without data (2025-11-25, Transports,
    /// "Sending Messages").
    /// </summary>
    public const string PrimingEvents = "2025-11-25";

    private static readonly string[] s_sessionRevisions = ["2024-11-05", "2025-03-26", "2025-06-18", PrimingEvents];

    /// <summary>Gets the revisions without sessions, which are those that <c>server/discover</c> returns.</summary>
    public static string[] WithoutSessions { get; } = [Stateless];

    /// <summary>Returns whether this server supports a revision.</summary>
    public static bool IsSupported(string revision) => revision == Stateless || s_sessionRevisions.Contains(revision);

    /// <summary>
    /// Returns the era of the revision in the header of a request. A request without the header belongs to a revision with sessions.
    /// </summary>
    public static ProtocolEra EraOf(HttpRequest request) =>
        request.Headers[HeaderName] == Stateless ? ProtocolEra.Stateless : ProtocolEra.Sessions;
}
