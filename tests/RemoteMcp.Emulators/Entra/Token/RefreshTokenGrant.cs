using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>
/// <c>refresh_token</c>: each use returns a new refresh token. As in Entra, the old token stays valid until it expires
/// (https://learn.microsoft.com/entra/identity-platform/refresh-tokens). The token is valid for any resource with consent.
/// </summary>
internal sealed class RefreshTokenGrant(
    GrantStore grants, TokenResponses responses, EntraDirectory directory, EmulatorClock time, EmulatorOptions options) : ITokenGrant
{
    public IReadOnlyList<string> GrantTypes { get; } = ["refresh_token"];

    public Task<TokenResponse> HandleAsync(TokenRequest request)
    {
        var parameters = request.Parameters;
        var token = grants.FindRefreshToken(parameters.Require("refresh_token"));
        if (token is null
            || token.Grant.Client.ClientId != request.Client.ClientId
            || (request.Tenant is not null && request.Tenant != token.Grant.Tenant))
        {
            throw Refusals.InvalidGrant("refresh_token");
        }
        var grant = token.Grant;
        request.RequirePlatform(grant.Platform);
        Permissions.CheckAccount(grant.Session);
        if (time.GetUtcNow() > token.IssuedAt + options.RefreshTokenLifetime)
        {
            throw Refusals.RefreshTokenExpired(token.IssuedAt, options.RefreshTokenLifetime);
        }
        var scopes = parameters["scope"] is { } scope
            ? RequestedScopes.Parse(scope, parameters["resource"], request.Client, grant.Tenant, directory)
            : grant.Scopes;
        if (parameters["resource"] is { } resource && !scopes.Resource.IsExactly(resource))
        {
            throw Refusals.ResourceMismatch();
        }
        // The ID token has no nonce (OpenID Connect Core section 12.2).
        // The response contains a refresh token even if the client does not request offline_access again.
        var openId = scopes.OpenIdScopes.Append("offline_access").ToHashSet(StringComparer.OrdinalIgnoreCase);
        Permissions.Check(grant.Session, request.Client, scopes.Resource, "invalid_grant");
        return Task.FromResult(responses.ForUser(grant with { Scopes = scopes with { OpenIdScopes = openId }, Nonce = null }, request));
    }
}
