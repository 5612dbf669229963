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
    /// Adds the check. Clients choose the revision of their next request from the list in the error (2026-07-28, Versioning). A request
    /// whose metadata names a revision gets the list of <c>server/discover</c>, because the other revisions have no such metadata. Every
    /// other request gets all revisions.
    /// </summary>
    public static IApplicationBuilder UseProtocolRevisionValidation(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var requested = context.Request.Headers[ProtocolRevisions.HeaderName].ToString();
        if (requested.Length == 0 || ProtocolRevisions.IsSupported(requested))
        {
            return next(context);
        }

        var supported = context.Features.Get<JsonRpcEnvelope>()?.Revision is null
            ? ProtocolRevisions.All
            : ProtocolRevisions.WithoutSessions;
        return ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, new JsonRpcErrorDetail
        {
            Code = (int)McpErrorCode.UnsupportedProtocolVersion,
            Message = $"Bad Request: this server does not support the revision in the {ProtocolRevisions.HeaderName} header.",
            Data = JsonSerializer.SerializeToNode(
                new UnsupportedProtocolVersionErrorData { Supported = supported, Requested = requested },
                McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(UnsupportedProtocolVersionErrorData))),
        });
    });
}
