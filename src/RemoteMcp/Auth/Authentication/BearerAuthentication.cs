using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Http;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Authenticates the caller from the bearer token in the Authorization header, and from nothing else (RFC 6750, section 2.1; MCP
/// 2025-11-25, Authorization, "Access Token Usage"). This happens before the server reads the body of the request.
/// </summary>
internal sealed class BearerAuthentication(
    TokenRules rules,
    Challenges challenges,
    IssuerKeys keys,
    ServerTokens serverTokens,
    IOptions<AuthOptions> options)
{
    /// <summary>
    /// The maximum length of the Authorization header, in characters. Entra's tokens have 1.5 to 8 KB.
    /// </summary>
    private const int MaxHeaderLength = 16 * 1024;

    private const string Scheme = "Bearer ";
    private const string InvalidToken = "the access token is invalid or expired, or it is not for this server.";

    private readonly bool _acceptsServerTokens = options.Value.SignIn == SignInMode.Server;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // "Access tokens MUST NOT be included in the URI query string" (MCP 2025-11-25, Authorization, "Token Requirements")
        if (context.Request.Query.ContainsKey("access_token"))
        {
            await challenges.WriteInvalidRequestAsync(context,
                "Bad Request: send the access token in the Authorization header, never in the URL. "
                + "Revoke this token: it is no longer secret.");
            return;
        }

        var header = context.Request.Headers.Authorization;
        if (header.Count == 0 || string.IsNullOrEmpty(header[0]))
        {
            await challenges.WriteUnauthorizedAsync(context);
            return;
        }

        if (header.Count > 1)
        {
            await challenges.WriteInvalidRequestAsync(context, "Bad Request: send one Authorization header.");
            return;
        }

        if (header[0]!.Length > MaxHeaderLength)
        {
            RefusalReason.Set(context, "invalid token: too long");
            await challenges.WriteUnauthorizedAsync(context, "Unauthorized: the Authorization header is longer than 16,384 characters.");
            return;
        }

        var (caller, problem) = _acceptsServerTokens && FindServerToken(header[0]) is { } token
            ? await ValidateServerTokenAsync(context, token)
            : await ValidateEntraTokenAsync(context);
        if (caller is null)
        {
            // Without a problem, the response is complete.
            await (problem is null ? Task.CompletedTask : challenges.WriteUnauthorizedAsync(context, "Unauthorized: " + problem));
            return;
        }

        // A refusal is logged with the caller too.
        context.User = caller;
        if (rules.FindMissingPermission(caller) is { } missing)
        {
            await challenges.WriteInsufficientScopeAsync(context, [], "Forbidden: " + missing);
            return;
        }

        await next(context);
    }

    private static string? FindServerToken(ReadOnlySpan<char> header) =>
        header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && ServerTokens.IsServerToken(header[Scheme.Length..].Trim())
            ? header[Scheme.Length..].Trim().ToString()
            : null;

    /// <returns>The caller, or the reason why the token is refused.</returns>
    private async Task<(ClaimsPrincipal? Caller, string? Problem)> ValidateServerTokenAsync(HttpContext context, string token)
    {
        var (caller, failure) = await serverTokens.ValidateAsync(token, context.Request);
        if (caller is null)
        {
            RefusalReason.Set(context, $"invalid token: {failure}");
            return (null, InvalidToken);
        }

        if (rules.FindProblemOfServerToken(caller) is { } reason)
        {
            RefusalReason.Set(context, $"invalid token: {reason}");
            return (null, reason);
        }

        return (caller, null);
    }

    /// <returns>
    /// The caller, or the reason why the token is refused. If the keys of Entra ID are not available, this method writes the response.
    /// </returns>
    private async Task<(ClaimsPrincipal? Caller, string? Problem)> ValidateEntraTokenAsync(HttpContext context)
    {
        if (!await keys.AreAvailableAsync(context.RequestAborted))
        {
            await ProtocolError.WriteUnavailableAsync(context, IssuerKeys.RetryAfter,
                "The sign-in service does not answer, so the server cannot check tokens. Try again later.");
            return (null, null);
        }

        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!result.Succeeded)
        {
            if (result.Failure is { } failure)
            {
                RefusalReason.Set(context, $"invalid token: {TokenFailure.Describe(failure)}");
            }

            return (null, InvalidToken);
        }

        if (rules.FindProblem(result.Principal) is { } reason)
        {
            RefusalReason.Set(context, $"invalid token: {reason}");
            return (null, reason);
        }

        return (result.Principal, null);
    }
}

/// <summary>Adds the authentication of callers to the pipeline.</summary>
internal static class BearerAuthenticationMiddleware
{
    public static IApplicationBuilder UseBearerAuthentication(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IOptions<AuthOptions>>().Value.Mode == AuthMode.None)
        {
            // An application that hosts the pipeline can authenticate its callers itself.
            return app.Use(static (context, next) => Caller.IsIdentifiable(context.User)
                ? next(context)
                : ProtocolError.WriteAsync(context, StatusCodes.Status403Forbidden, ProtocolError.Refused,
                    "Forbidden: the token does not identify the caller. It needs the claim oid or sub."));
        }

        var authentication = app.ApplicationServices.GetRequiredService<BearerAuthentication>();
        return app.Use(next => context => authentication.InvokeAsync(context, next));
    }
}
