using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.AuthorizationServer.Grants;
using RemoteMcp.Observability;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace RemoteMcp.AuthorizationServer.Protocol;

/// <summary>Handles a token request whose code or refresh token is valid: redeems the code, or replaces the refresh token.</summary>
internal sealed class TokenHandler(
    GrantTokens tokens, Challenges challenges, SignInAudit audit, IOptions<AuthorizationServerOptions> options)
    : IOpenIddictServerHandler<HandleTokenRequestContext>, IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    /// <summary>The claim with the id of an authorization code.</summary>
    public const string CodeClaim = "code";

    /// <summary>The claim with the id of a refresh token.</summary>
    public const string RefreshTokenClaim = "refresh";

    private const string IssueProperty = "RemoteMcp.Issue";

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(5);

    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var principal = context.AuthorizationCodePrincipal ?? context.RefreshTokenPrincipal!;
        var isCode = context.AuthorizationCodePrincipal is not null;
        if (GrantKey.TryParse(principal.GetClaim(ServerTokens.GrantClaim)) is not { } key
            || principal.GetClaim(isCode ? CodeClaim : RefreshTokenClaim) is not { } id)
        {
            context.Reject(Errors.InvalidGrant, "The token names no grant.");
            return;
        }

        // A token is bound to the endpoint, and another endpoint of the same server has other tokens.
        if (!principal.GetResources().Contains(ResourceUrl.Of(http.Request)))
        {
            context.Reject(Errors.InvalidTarget, "The grant is for another resource.");
            return;
        }

        var decision = isCode
            ? await tokens.RedeemAsync(key, id, context.CancellationToken)
            : await tokens.BeginRefreshAsync(key, id, context.CancellationToken);
        switch (decision)
        {
            case TokenDecision.Issue issue:
                context.Transaction.SetProperty(IssueProperty, issue);
                context.SignIn(CreatePrincipal(issue, ResourceUrl.Of(http.Request)));
                break;
            case TokenDecision.Repeat repeat:
                await WriteJsonAsync(http, repeat.Json);
                context.HandleRequest();
                break;
            case TokenDecision.Refuse refuse:
                context.Reject(Errors.InvalidGrant, refuse.Reason);
                break;
            default:
                await OAuthError.WriteUnavailableAsync(http, s_retryAfter, "The sign-in service does not respond. Try again later.");
                context.HandleRequest();
                break;
        }
    }

    /// <summary>Writes the row of a refreshed grant before the response leaves, so that no instance issues other tokens for it.</summary>
    public async ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (context.Error is { } error)
        {
            Refuse(context, error, context.Response?.ErrorDescription);
            return;
        }

        if (context.Transaction.GetProperty<TokenDecision.Issue>(IssueProperty) is not { Stored.Grant: var grant } issue)
        {
            return;
        }

        if (context.Request?.IsRefreshTokenGrantType() != true)
        {
            audit.SignedIn(grant);
            return;
        }

        var json = System.Text.Json.JsonSerializer.Serialize(context.Response);
        switch (await tokens.CompleteAsync(issue, json, context.CancellationToken))
        {
            case TokenDecision.Repeat repeat:
                await WriteJsonAsync(context.Transaction.GetHttpRequest()!.HttpContext, repeat.Json);
                context.HandleRequest();
                break;
            case TokenDecision.Refuse refuse:
                foreach (var name in context.Response!.GetParameters().Select(static parameter => parameter.Key).ToArray())
                {
                    context.Response.RemoveParameter(name);
                }

                context.Response.Error = Errors.InvalidGrant;
                context.Response.ErrorDescription = refuse.Reason;
                Refuse(context, Errors.InvalidGrant, refuse.Reason);
                break;
            default:
                audit.Refreshed(grant);
                break;
        }
    }

    private void Refuse(ApplyTokenResponseContext context, string error, string? description)
    {
        audit.TokenRefused(context.Request?.ClientId, context.Request?.GrantType, error, description);
        RefusalAudit.Skip(context.Transaction.GetHttpRequest()!.HttpContext);
    }

    private ClaimsPrincipal CreatePrincipal(TokenDecision.Issue issue, string resource)
    {
        var grant = issue.Stored.Grant;
        var person = grant.Person;
        var identity = new ClaimsIdentity("RemoteMcp", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, person.Subject)
            .SetClaim("tid", person.Tenant)
            .SetClaim("oid", person.User)
            .SetClaim("name", person.Name)
            .SetClaim("preferred_username", person.UserName)
            .SetClaim("azp", grant.Client)
            .SetClaim("scp", string.Join(' ', person.Scopes))
            .SetClaims("roles", [.. person.Roles])
            .SetClaim(ServerTokens.GrantClaim, grant.Key.ToString())
            .SetClaim(RefreshTokenClaim, issue.RefreshToken)
            .SetResources([resource])
            // OpenIddict issues a refresh token only for this scope. Clients that cannot request it would sign in every hour.
            .SetScopes([.. person.Scopes.Select(challenges.Qualify), Scopes.OfflineAccess]);
        identity.SetDestinations(static claim => claim.Type == RefreshTokenClaim ? [] : [Destinations.AccessToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetAccessTokenLifetime(options.Value.AccessTokenLifetime);
        principal.SetRefreshTokenLifetime(options.Value.RefreshTokenLifetime);
        return principal;
    }

    private static async Task WriteJsonAsync(HttpContext http, string json)
    {
        http.Response.ContentType = "application/json;charset=UTF-8";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(json), http.RequestAborted);
    }
}
