using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Protocol;

/// <summary>The revisions of MCP that this server speaks.</summary>
internal static class ProtocolRevisions
{
    /// <summary>The header in which a client names its revision.</summary>
    public const string HeaderName = "MCP-Protocol-Version";

    /// <summary>The first revision without <c>initialize</c> and sessions.</summary>
    public const string Stateless = "2026-07-28";

    /// <summary>The first revision whose clients understand an event without data (2025-11-25, Transports, "Sending Messages").</summary>
    public const string PrimingEvents = "2025-11-25";

    private static readonly string[] SessionRevisions = ["2024-11-05", "2025-03-26", "2025-06-18", PrimingEvents];

    /// <summary>Gets the revisions that <c>server/discover</c> names.</summary>
    public static string[] WithoutSessions { get; } = [Stateless];

    /// <summary>Returns whether this server speaks a revision.</summary>
    public static bool IsSupported(string revision) => revision == Stateless || SessionRevisions.Contains(revision);

    /// <summary>Returns the era that a request names in its header.</summary>
    public static ProtocolEra EraOf(HttpRequest request) => request.Headers[HeaderName] == Stateless ? ProtocolEra.Stateless : ProtocolEra.Sessions;
}
