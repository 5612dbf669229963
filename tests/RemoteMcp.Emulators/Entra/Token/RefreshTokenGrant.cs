using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>
/// <c>refresh_token</c>: a new one with every use; as in Entra the old one lives on until it expires
/// (https://learn.microsoft.com/entra/identity-platform/refresh-tokens). It serves any resource that was consented to.
/// </summary>
internal sealed class RefreshTokenGrant(
    GrantStore grants, TokenResponses responses, EntraDirectory directory, EmulatorClock clock, EmulatorOptions options) : ITokenGrant
{
    public IReadOnlyList<string> GrantTypes { get; } = ["refresh_token"];

    public Task<TokenResponse> HandleAsync(TokenRequest request)
    {
        var parameters = request.Parameters;
        var token = grants.FindRefreshToken(parameters.Require("refresh_token"));
        if (token is null || token.Grant.Client.ClientId != request.Client.ClientId || (request.Tenant is not null && request.Tenant != token.Grant.Tenant))
        {
            throw Refusals.InvalidGrant("refresh_token");
        }
        var grant = token.Grant;
        request.RequirePlatform(grant.Platform);
        if (clock.GetUtcNow() > token.IssuedAt + options.RefreshTokenLifetime)
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
        // A refresh token begets a refresh token whether or not offline_access is asked for again.
        var openId = scopes.OpenIdScopes.Append("offline_access").ToHashSet(StringComparer.OrdinalIgnoreCase);
        Permissions.Check(grant.Session, request.Client, scopes.Resource, "invalid_grant");
        return Task.FromResult(responses.ForUser(grant with { Scopes = scopes with { OpenIdScopes = openId } }, request));
    }
}
