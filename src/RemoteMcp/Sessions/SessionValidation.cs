using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Http;

namespace RemoteMcp.Sessions;

/// <summary>Answers what the SDK lets pass although the session does not allow it.</summary>
internal static class SessionValidation
{
    private const string SessionId = "Mcp-Session-Id";

    // From this revision on there are no sessions, and the SDK says so.
    private const string FirstStateless = "2026-07-28";

    public static IApplicationBuilder UseSessionValidation(this IApplicationBuilder app)
    {
        var open = app.ApplicationServices.GetRequiredService<OpenSessions>();
        return app.Use((context, next) =>
        {
            var request = context.Request;
            var id = request.Headers[SessionId].ToString();
            if (string.CompareOrdinal(request.Headers["MCP-Protocol-Version"].ToString(), FirstStateless) >= 0)
            {
                return next(context);
            }

            if (HttpMethods.IsDelete(request.Method) && id.Length == 0)
            {
                return ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, ProtocolError.Refused,
                    $"Bad Request: name the session to end in the {SessionId} header.");
            }

            // "... after which it MUST respond to requests containing that session ID with HTTP 404 Not Found." (MCP 2025-11-25, Session Management)
            if (HttpMethods.IsDelete(request.Method) && !open.Contains(id))
            {
                return ProtocolError.WriteAsync(context, StatusCodes.Status404NotFound, ProtocolError.SessionNotFound, "Session not found");
            }

            // A second initialize would change what the session's other requests have been promised.
            if (context.Features.Get<JsonRpcEnvelope>()?.Method == RequestMethods.Initialize && open.Contains(id))
            {
                return ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidRequest,
                    $"Invalid Request: this session is initialized. Send initialize without {SessionId} to open another.");
            }

            return next(context);
        });
    }
}
