using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Http;

/// <summary>The two ways in which clients talk to a server; methods that one has the other does not know.</summary>
internal enum ProtocolEra
{
    /// <summary>Up to 2025-11-25: a client initializes, and gets a session.</summary>
    Sessions,

    /// <summary>From 2026-07-28 on: every request says everything itself.</summary>
    Stateless,
}

/// <summary>The revisions of MCP, and the one answer about them that the SDK cannot give for two eras at one endpoint.</summary>
internal static class ProtocolVersions
{
    public const string HeaderName = "MCP-Protocol-Version";

    /// <summary>The first revision whose requests carry everything themselves: no initialize, no session.</summary>
    public const string Stateless = "2026-07-28";

    /// <summary>The first revision whose clients understand an event without data (2025-11-25, Transports, "Sending Messages").</summary>
    public const string PrimingEvents = "2025-11-25";

    private static readonly string[] SessionVersions = ["2024-11-05", "2025-03-26", "2025-06-18", PrimingEvents];
    private static readonly string[] StatelessVersions = [Stateless];

    /// <summary>The era that the request says it is of.</summary>
    public static ProtocolEra EraOf(HttpRequest request) => request.Headers[HeaderName] == Stateless ? ProtocolEra.Stateless : ProtocolEra.Sessions;

    /// <summary>
    /// Refuses unknown revisions. The list of supported ones must be that of <c>server/discover</c>, which clients pick their next
    /// request's revision from; the SDK names the sessions' revisions too, which a client without a session cannot use
    /// (2026-07-28, Versioning; seen with SDK 2.3.1).
    /// </summary>
    public static IApplicationBuilder UseProtocolVersions(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var requested = context.Request.Headers[HeaderName].ToString();
        if (requested.Length == 0 || requested == Stateless || SessionVersions.Contains(requested))
        {
            return next(context);
        }

        return ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, new JsonRpcErrorDetail
        {
            Code = (int)McpErrorCode.UnsupportedProtocolVersion,
            Message = $"Bad Request: this server does not speak the revision that the {HeaderName} header names.",
            Data = JsonSerializer.SerializeToNode(
                new UnsupportedProtocolVersionErrorData { Supported = StatelessVersions, Requested = requested },
                McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(UnsupportedProtocolVersionErrorData))),
        });
    });
}
