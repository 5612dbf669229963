using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Protocol;

namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// Rejects a call that its token does not allow with 403 and every scope that the call needs. The middleware does so before the server
/// streams any part of a response, so that the client can get another token and try again (MCP 2025-11-25 and 2026-07-28, Authorization,
/// "Scope Challenge Handling").
/// </summary>
internal static class PermissionMiddleware
{
    public static IApplicationBuilder UsePermissions(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        if (services.GetRequiredService<IOptions<AuthOptions>>().Value.Mode == AuthMode.None)
        {
            return app;
        }

        var table = services.GetRequiredService<PermissionTable>();
        var challenges = services.GetRequiredService<Challenges>();
        return app.Use((context, next) =>
        {
            var needed = context.Features.Get<JsonRpcEnvelope>() is { Method: { } method, Target: { } target }
                ? table.OfRequest(method, target)
                : Permission.None;
            return needed.IsGrantedTo(context.User)
                ? next(context)
                : challenges.WriteInsufficientScopeAsync(context, needed.Scopes, needed.Explain(context.User));
        });
    }
}
