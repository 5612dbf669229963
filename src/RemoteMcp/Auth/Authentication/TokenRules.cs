using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Checks the requirements for a token that Microsoft.Identity.Web does not check. That library checks the signature, the lifetime, the
/// issuer, and the audience.
/// </summary>
internal sealed class TokenRules
{
    private readonly FrozenSet<string> _tenants;
    private readonly FrozenSet<string> _clients;
    private readonly string _scope;
    private readonly string _role;

    public TokenRules(IOptions<AuthOptions> options)
    {
        var auth = options.Value;
        _tenants = auth.Tenants.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _clients = auth.AllowedClients.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        (_scope, _role) = (auth.RequiredScope, auth.RequiredRole);
    }

    /// <returns>The reason why the token is refused, or <see langword="null"/> if it is valid.</returns>
    public string? Refuse(ClaimsPrincipal user)
    {
        if (user.FindFirst("ver")?.Value != "2.0")
        {
            return "The token is not of version 2.0. Operators set requestedAccessTokenVersion to 2 in the app registration.";
        }

        if (!_tenants.Contains(user.FindFirst("tid")?.Value ?? ""))
        {
            return "The token is of a tenant that may not call.";
        }

        // An ID token for the same audience has no azp: "this claim is only present in access tokens".
        if (user.FindFirst("azp")?.Value is not { Length: > 0 } client)
        {
            return "The token is no access token: it names no client app (azp).";
        }

        if (_clients.Count > 0 && !_clients.Contains(client))
        {
            return "The token is of a client app that may not call.";
        }

        // Both claims are required: the SDK distinguishes callers by 'sub', and this server by 'oid'.
        if (user.FindFirst("oid")?.Value is not { Length: > 0 } id || user.FindFirst("sub")?.Value is not { Length: > 0 } subject)
        {
            return "The token names nobody (oid, sub).";
        }

        // For an app, 'sub' equals 'oid'. For a person, 'sub' is different for each application that receives the token.
        return new Grants(user).IsAppOnly && id != subject ? "The token is a user's and has no scopes (scp)." : null;
    }

    /// <returns>The reason why a valid token does not allow any call, or <see langword="null"/> if it allows calls.</returns>
    public string? FindMissing(ClaimsPrincipal user)
    {
        var grants = new Grants(user);
        if (!grants.IsAppOnly)
        {
            return grants.HasScope(_scope) ? null : $"The token lacks the scope {_scope}.";
        }

        return grants.HasRole(_role) ? null : $"The token is an app's own and lacks the app role {_role}.";
    }
}
