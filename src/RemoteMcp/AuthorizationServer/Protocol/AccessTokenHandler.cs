using OpenIddict.Abstractions;
using OpenIddict.Server;
using RemoteMcp.DataProtection;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace RemoteMcp.AuthorizationServer.Protocol;

/// <summary>Signs access tokens with the current key of the fleet, and publishes the keys.</summary>
internal sealed class AccessTokenHandler(SigningKeys keys)
    : IOpenIddictServerHandler<GenerateTokenContext>,
        IOpenIddictServerHandler<ProcessSignInContext>,
        IOpenIddictServerHandler<HandleJsonWebKeySetRequestContext>
{
    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType == TokenTypeIdentifiers.AccessToken)
        {
            context.SigningCredentials = await keys.GetCurrentAsync(context.CancellationToken);
        }
    }

    /// <summary>Sets the short form of the client id. The client id of a registered client can have 2,000 characters.</summary>
    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.AccessTokenPrincipal is { } principal)
        {
            principal.SetClaim(Claims.ClientId, principal.GetClaim("azp"));
        }

        return default;
    }

    public async ValueTask HandleAsync(HandleJsonWebKeySetRequestContext context)
    {
        // The next token is signed with this key, so it must be published before.
        await keys.GetCurrentAsync(context.CancellationToken);
        context.Keys.Clear();
        foreach (var key in (await keys.GetBaseConfigurationAsync(context.CancellationToken)).SigningKeys)
        {
            var published = Microsoft.IdentityModel.Tokens.JsonWebKeyConverter.ConvertFromECDsaSecurityKey(
                (Microsoft.IdentityModel.Tokens.ECDsaSecurityKey)key);
            (published.D, published.Use, published.Alg, published.Kid) = (null, "sig", "ES256", key.KeyId);
            context.Keys.Add(published);
        }
    }
}
