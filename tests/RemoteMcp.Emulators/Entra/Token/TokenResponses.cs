using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>Turns what was granted into tokens.</summary>
internal sealed class TokenResponses(TokenIssuer issuer, GrantStore grants, EmulatorOptions options)
{
    /// <summary>Tokens for a person's grant.</summary>
    /// <param name="grant">Whose, for which client and resource.</param>
    /// <param name="request">Whose proof and <c>client_info</c> parameter count.</param>
    public TokenResponse ForUser(UserGrant grant, TokenRequest request)
    {
        var (scopes, client, user) = (grant.Scopes, grant.Client, grant.User);
        var granted = Permissions.Granted(grant.Tenant, client, user, scopes);
        // Graph knows the OpenID Connect scopes as its own.
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
            // Entra names .default too, by which MSAL finds the token in its cache again.
            Scope = string.Join(' ', (scopes.IsDefault ? granted.Append(".default") : granted).Select(scope => Qualify(scopes, scope)).Concat(scopes.OpenIdScopes.Where(scope => scope != "offline_access"))),
            RefreshToken = scopes.Includes("offline_access") ? grants.AddRefreshToken(grant) : null,
            IdToken = scopes.Includes("openid") ? issuer.IdToken(grant.Tenant, client, user, grant.Nonce, scopes.Includes("email")) : null,
            ClientInfo = request.Parameters["client_info"] == "1" ? ClientInfo(grant) : null,
        };
    }

    /// <summary>An app-only token for a client's service principal.</summary>
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

    // Entra rounds down, so that clients let go before the token ends.
    private long Seconds => Math.Max(1, (long)options.AccessTokenLifetime.TotalSeconds - 1);

    private static string Qualify(RequestedScopes scopes, string scope) =>
        scopes.ResourceName == MicrosoftApplications.GraphId ? scope : $"{scopes.ResourceName}/{scope}";

    private static string ClientInfo(UserGrant grant) =>
        Base64UrlEncoder.Encode(JsonSerializer.Serialize(new { uid = grant.User.ObjectId, utid = grant.Tenant.Id }));
}
