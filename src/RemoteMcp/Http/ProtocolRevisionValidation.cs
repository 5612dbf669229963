using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Protocol;

namespace RemoteMcp.Http;

/// <summary>Rejects requests of protocol revisions that this server does not support.</summary>
internal static class ProtocolRevisionValidation
{
    /// <summary>
    /// Adds the check. The error lists the same revisions as <c>server/discover</c>, because clients choose the revision of the next
    /// request from this list. The SDK would also list the revisions with sessions, which a client without a session cannot use
    /// (2026-07-28, Versioning).
    /// </summary>
    public static IApplicationBuilder UseProtocolRevisionValidation(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var requested = context.Request.Headers[ProtocolRevisions.HeaderName].ToString();
        if (requested.Length == 0 || ProtocolRevisions.IsSupported(requested))
        {
            return next(context);
        }

        return ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, new JsonRpcErrorDetail
        {
            Code = (int)McpErrorCode.UnsupportedProtocolVersion,
            Message = $"Bad Request: this server does not support the revision in the {ProtocolRevisions.HeaderName} header.",
            Data = JsonSerializer.SerializeToNode(
                new UnsupportedProtocolVersionErrorData { Supported = ProtocolRevisions.WithoutSessions, Requested = requested },
                McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(UnsupportedProtocolVersionErrorData))),
        });
    });
}
