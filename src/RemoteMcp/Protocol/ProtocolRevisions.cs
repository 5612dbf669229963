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

    /// <summary>The only revision with batches (2025-03-26, Base Protocol, "Batching").</summary>
    public const string Batches = "2025-03-26";

    /// <summary>The newest revision with sessions.</summary>
    public const string NewestWithSessions = PrimingEvents;

    private static readonly string[] s_sessionRevisions = [NewestWithSessions, "2025-06-18", Batches, "2024-11-05"];

    /// <summary>Gets the revisions without sessions, which are those that <c>server/discover</c> returns.</summary>
    public static string[] WithoutSessions { get; } = [Stateless];

    /// <summary>Gets all revisions, the newest first.</summary>
    public static string[] All { get; } = [Stateless, .. s_sessionRevisions];

    /// <summary>Returns whether this server supports a revision.</summary>
    public static bool IsSupported(string revision) => revision == Stateless || s_sessionRevisions.Contains(revision);

    /// <summary>
    /// Returns the revision in the response to <c>initialize</c>: "If the server supports the requested protocol version, it MUST respond
    /// with the same version. Otherwise, the server MUST respond with another protocol version it supports. This SHOULD be the latest
    /// version supported by the server." (2025-11-25, Lifecycle, "Version Negotiation") The revisions without <c>initialize</c> are not
    /// among them.
    /// </summary>
    /// <param name="requested">The revision in the params of <c>initialize</c>.</param>
    public static string Negotiate(string? requested) =>
        requested is not null && s_sessionRevisions.Contains(requested) ? requested : NewestWithSessions;

    /// <summary>
    /// Returns the era of the revision in the header of a request. A request without the header belongs to a revision with sessions.
    /// </summary>
    public static ProtocolEra EraOf(HttpRequest request) =>
        request.Headers[HeaderName] == Stateless ? ProtocolEra.Stateless : ProtocolEra.Sessions;
}
