using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary><c>authorization_code</c> with its proof key (RFC 7636).</summary>
internal sealed class AuthorizationCodeGrant(
    GrantStore grants, TokenResponses responses, EntraDirectory directory, EmulatorClock time, EmulatorOptions options) : ITokenGrant
{
    public IReadOnlyList<string> GrantTypes { get; } = ["authorization_code"];

    public Task<TokenResponse> HandleAsync(TokenRequest request)
    {
        var parameters = request.Parameters;
        var code = grants.FindCode(parameters.Require("code"));
        if (code is null
            || code.Grant.Client.ClientId != request.Client.ClientId
            || (request.Tenant is not null && request.Tenant != code.Grant.Tenant))
        {
            throw Refusals.InvalidGrant("code");
        }
        request.RequirePlatform(code.Grant.Platform);
        var redirectUri = parameters.Require("redirect_uri");
        if (redirectUri != code.RedirectUri)
        {
            throw Refusals.RedirectChanged(redirectUri, code.RedirectUri);
        }
        CheckProofKey(code, parameters["code_verifier"]);
        var scopes = Narrow(code.Grant, parameters, request.Client);
        if (time.GetUtcNow() > code.IssuedAt + options.AuthorizationCodeLifetime)
        {
            throw Refusals.CodeExpired();
        }
        Permissions.CheckAccount(code.Grant.Session);
        if (!code.TryRedeem())
        {
            throw Refusals.CodeRedeemed();
        }
        return Task.FromResult(responses.ForUser(code.Grant with { Scopes = scopes }, request));
    }

    // RFC 7636 section 4.6: BASE64URL-ENCODE(SHA256(ASCII(code_verifier))) == code_challenge.
    private static void CheckProofKey(AuthorizationCode code, string? verifier)
    {
        if (code.CodeChallenge is null && verifier is null)
        {
            return;
        }
        var challenge = verifier is null ? null : Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        if (challenge != code.CodeChallenge)
        {
            throw Refusals.VerifierMismatch();
        }
    }

    // The client may repeat scope and resource. The endpoint checks them again. They cannot change the resource of the consent.
    private RequestedScopes Narrow(UserGrant grant, RequestParameters parameters, Application client)
    {
        if (parameters["scope"] is not { } scope)
        {
            return parameters["resource"] is { } resource && !grant.Scopes.Resource.IsExactly(resource)
                ? throw Refusals.ResourceMismatch()
                : grant.Scopes;
        }
        var requested = RequestedScopes.Parse(scope, parameters["resource"], client, grant.Tenant, directory);
        var openId = requested.OpenIdScopes
            .Union(grant.Scopes.OpenIdScopes, StringComparer.OrdinalIgnoreCase)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (requested.IsOpenIdOnly)
        {
            return grant.Scopes with { OpenIdScopes = openId };
        }
        return requested.Resource == grant.Scopes.Resource
            ? requested with { OpenIdScopes = openId }
            : throw Refusals.ScopesNotAuthorized();
    }
}
