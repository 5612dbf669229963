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
        // In a sign-in at this server, the server itself is the client of Entra ID.
        _clients = auth is { SignIn: SignInMode.Server, AllowedClients.Count: > 0 }
            ? auth.AllowedClients.Append(auth.ClientId!).ToFrozenSet(StringComparer.OrdinalIgnoreCase)
            : auth.AllowedClients.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        (_scope, _role) = (auth.RequiredScope, auth.RequiredRole);
    }

    /// <returns>A sentence that states why the token is refused, or <see langword="null"/> if it is valid.</returns>
    public string? FindProblem(ClaimsPrincipal user)
    {
        if (user.FindFirst("ver")?.Value != "2.0")
        {
            return "The version of the token is not 2.0. The operator must set requestedAccessTokenVersion to 2 in the app registration.";
        }

        if (!_tenants.Contains(user.FindFirst("tid")?.Value ?? ""))
        {
            return "The token comes from a tenant that is not allowed.";
        }

        // An ID token for the same audience has no azp: "this claim is only present in access tokens".
        if (user.FindFirst("azp")?.Value is not { Length: > 0 } client)
        {
            return "The token is not an access token: it does not name a client app (azp).";
        }

        if (_clients.Count > 0 && !_clients.Contains(client))
        {
            return "The token comes from a client app that is not allowed.";
        }

        // Both claims are required: the SDK distinguishes callers by 'sub', and this server by 'oid'.
        if (user.FindFirst("oid")?.Value is not { Length: > 0 } id || user.FindFirst("sub")?.Value is not { Length: > 0 } subject)
        {
            return "The token does not identify the caller. It needs the claims oid and sub.";
        }

        // For an app, 'sub' equals 'oid'. For a person, 'sub' is different for each application that receives the token.
        return new Grants(user).IsAppOnly && id != subject ? "The token belongs to a user but has no scopes (scp)." : null;
    }

    /// <summary>Checks a token that this server issued. The tenant can have been removed from the settings since then.</summary>
    /// <returns>A sentence that states why the token is refused, or <see langword="null"/> if it is valid.</returns>
    public string? FindProblemOfServerToken(ClaimsPrincipal user) =>
        _tenants.Contains(user.FindFirst("tid")?.Value ?? "") ? null : "The token comes from a tenant that is not allowed.";

    /// <returns>
    /// A sentence that names the scope or app role that every call needs and this valid token lacks, or <see langword="null"/> if the token
    /// has it.
    /// </returns>
    public string? FindMissingPermission(ClaimsPrincipal user)
    {
        var grants = new Grants(user);
        if (!grants.IsAppOnly)
        {
            return grants.HasScope(_scope) ? null : $"The token lacks the scope {_scope}.";
        }

        return grants.HasRole(_role) ? null : $"The token belongs to an app without a user and lacks the app role {_role}.";
    }
}
