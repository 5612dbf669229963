using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using RemoteMcp.Protocol;

namespace RemoteMcp.Http;

/// <summary>
/// Adds the <see cref="JsonRpcEnvelope"/> of a POST request to the features of the request. This step rejects a body that is not a JSON-RPC
/// message, so later steps always know the method and the id.
/// </summary>
internal static class RequestMessage
{
    public static IApplicationBuilder UseRequestMessage(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (context.Features.Get<BufferedBody>() is not { } body)
        {
            return next(context);
        }

        var envelope = JsonRpcEnvelope.Read(body.Bytes, ProtocolRevisions.EraOf(context.Request));
        context.Features.Set(envelope);
        if (envelope is { Method: RequestMethods.Initialize, Revision: null })
        {
            // The client chooses the revision in the params. The header belongs to "all subsequent requests" (2025-11-25, Transports,
            // "Protocol Version Header"). A client that initializes again can still send the revision of its last session in it.
            context.Request.Headers.Remove(ProtocolRevisions.HeaderName);
        }

        return envelope.Problem is { } problem
            ? ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, problem.Code, problem.Message)
            : next(context);
    });
}
