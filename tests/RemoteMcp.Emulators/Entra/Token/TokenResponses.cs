using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>Creates the tokens for a grant.</summary>
internal sealed class TokenResponses(TokenIssuer issuer, GrantStore grants, EmulatorOptions options)
{
    /// <summary>Creates the tokens for a user's grant.</summary>
    /// <param name="grant">The grant of the user, with its client and resource.</param>
    /// <param name="request">The request, which determines the client authentication and <c>client_info</c>.</param>
    public TokenResponse ForUser(UserGrant grant, TokenRequest request)
    {
        var (scopes, client, user) = (grant.Scopes, grant.Client, grant.User);
        var granted = Permissions.Granted(grant.Tenant, client, user, scopes);
        // Graph treats the OpenID Connect scopes as its own permissions.
        var carried = scopes.Resource.ClientId == MicrosoftApplications.GraphId
            ? [.. granted, .. scopes.OpenIdScopes.Where(scope => scope != "offline_access")]
            : granted;
        var accessToken = issuer.AccessToken(new AccessTokenRequest(grant.Tenant, client, scopes.Resource)
        {
            User = user,
            Scopes = carried,
            Roles = RolesOf(user.ObjectId, scopes.Resource),
            Proof = request.Proof,
            ResourceName = scopes.ResourceName,
            SessionId = grant.Session.Id,
        });
        return new TokenResponse(accessToken, Seconds)
        {
            // Entra also returns .default. MSAL needs it to find the token in its cache.
            Scope = string.Join(
                ' ',
                (scopes.IsDefault ? granted.Append(".default") : granted)
                    .Select(scope => Qualify(scopes, scope))
                    .Concat(scopes.OpenIdScopes.Where(scope => scope != "offline_access"))),
            RefreshToken = scopes.Includes("offline_access") ? grants.AddRefreshToken(grant) : null,
            IdToken = scopes.Includes("openid") ? IdToken(grant) : null,
            ClientInfo = request.Parameters["client_info"] == "1" ? ClientInfo(grant) : null,
        };
    }

    /// <summary>Creates an app-only token for the service principal of a client.</summary>
    public TokenResponse ForApplication(Tenant tenant, TokenRequest request, RequestedScopes scopes) =>
        new(
            issuer.AccessToken(new AccessTokenRequest(tenant, request.Client, scopes.Resource)
            {
                Roles = RolesOf(request.Client.ServicePrincipalId, scopes.Resource),
                Proof = request.Proof,
                ResourceName = scopes.ResourceName,
            }),
            Seconds);

    public static IReadOnlyCollection<string> RolesOf(string principalId, Application resource) =>
        resource.Assignments.TryGetValue(principalId, out var roles) ? [.. roles] : [];

    private string IdToken(UserGrant grant) => issuer.IdToken(
        grant.Tenant, grant.Client, grant.User, grant.Nonce, grant.Scopes.Includes("email"), grant.Scopes.Includes("profile"));

    // Entra rounds down, so that clients replace the token before it expires.
    private long Seconds => Math.Max(1, (long)options.AccessTokenLifetime.TotalSeconds - 1);

    private static string Qualify(RequestedScopes scopes, string scope) =>
        scopes.ResourceName == MicrosoftApplications.GraphId ? scope : $"{scopes.ResourceName}/{scope}";

    private static string ClientInfo(UserGrant grant) =>
        Base64UrlEncoder.Encode(JsonSerializer.Serialize(new { uid = grant.User.ObjectId, utid = grant.Tenant.Id }));
}
