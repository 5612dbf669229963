using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>
/// <c>urn:ietf:params:oauth:grant-type:jwt-bearer</c> with <c>requested_token_use=on_behalf_of</c>: an API exchanges the caller's token for
/// a token with which it calls a second API as the same user
/// (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow).
/// </summary>
internal sealed class OnBehalfOfGrant(
    GrantStore grants, TokenResponses responses, TokenInspector inspector, EntraDirectory directory) : ITokenGrant
{
    public IReadOnlyList<string> GrantTypes { get; } = ["urn:ietf:params:oauth:grant-type:jwt-bearer"];

    public async Task<TokenResponse> HandleAsync(TokenRequest request)
    {
        if (request.Proof == ClientProof.None)
        {
            throw ClientRefusals.CredentialMissing();
        }
        if (request.Parameters.Require("requested_token_use") != "on_behalf_of")
        {
            throw Refusals.Malformed();
        }
        var session = await SessionOfAsync(request.Parameters.Require("assertion"), request);
        Permissions.CheckAccount(session);
        var scopes = RequestedScopes.Parse(
            request.Parameters.Require("scope"), request.Parameters["resource"], request.Client, session.Tenant, directory);
        Permissions.Check(session, request.Client, scopes.Resource, "interaction_required");
        return responses.ForUser(new UserGrant(session, request.Client, scopes) { Platform = RedirectPlatform.Web }, request);
    }

    private async Task<Session> SessionOfAsync(string assertion, TokenRequest request)
    {
        var token = TokenInspector.Read(assertion);
        if (token is null || !await inspector.IsSignedHereAsync(token))
        {
            throw ClientRefusals.UserAssertionSignature();
        }
        if (!inspector.IsTimely(token))
        {
            throw ClientRefusals.UserAssertionLifetime();
        }
        if (!token.Audiences.Any(request.Client.IsNamed))
        {
            throw ClientRefusals.UserAssertionAudience(token.Audiences.FirstOrDefault() ?? "", request.Client);
        }
        if (TokenInspector.Claim(token, "scp") is null)
        {
            throw ClientRefusals.UserAssertionWithoutUser(TokenInspector.Claim(token, "azp") ?? TokenInspector.Claim(token, "appid") ?? "");
        }
        return grants.FindSession(TokenInspector.Claim(token, "sid")) ?? SessionWithoutSignIn(token, request);
    }

    // A token that a test created without a sign-in has no session.
    private Session SessionWithoutSignIn(JsonWebToken token, TokenRequest request) =>
        directory.TryFindTenant(TokenInspector.Claim(token, "tid"), out var tenant)
        && (request.Tenant is null || request.Tenant == tenant)
        && tenant.FindUser(TokenInspector.Claim(token, "oid")) is { } user
            ? grants.StartSession(tenant, user, multifactor: false)
            : throw Refusals.InvalidGrant("assertion");
}
