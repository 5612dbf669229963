using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RemoteMcp.Emulators.Entra;

/// <summary>
/// Validates the tokens that the emulator receives: client assertions, on-behalf-of assertions, and access tokens for Graph.
/// </summary>
internal sealed class TokenInspector(EmulatorAddresses addresses, SigningKeys keys, EmulatorClock time)
{
    private static readonly JsonWebTokenHandler s_handler = new();

    /// <summary>Reads a token without validation.</summary>
    /// <returns>The token, or null if it is not a signed JWT or a registered claim has an incorrect type.</returns>
    public static JsonWebToken? Read(string token)
    {
        try
        {
            var read = new JsonWebToken(token);
            // Each of these properties throws if the claim has an incorrect type.
            _ = (read.Issuer, read.Subject, read.Audiences, read.ValidFrom, read.ValidTo);
            return read.IsEncrypted ? null : read;
        }
        catch (Exception exception) when (exception is ArgumentException
            or FormatException
            or InvalidOperationException
            or OverflowException)
        {
            return null;
        }
    }

    public async Task<bool> IsSignedHereAsync(JsonWebToken token)
    {
        var result = await s_handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKeys = keys.Published,
            TryAllIssuerSigningKeys = false,
            ValidateAudience = false,
            ValidateLifetime = false,
            IssuerValidator = (issuer, _, _) => IsOwnIssuer(token, issuer) ? issuer : throw new SecurityTokenInvalidIssuerException(issuer),
        });
        return result.IsValid;
    }

    /// <summary>Entra and Graph allow the usual clock skew of five minutes.</summary>
    public bool IsTimely(JsonWebToken token)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return token.ValidFrom <= now.AddMinutes(5) && token.ValidTo > now.AddMinutes(-5) && token.ValidTo != DateTime.MinValue;
    }

    public static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;

    private bool IsOwnIssuer(JsonWebToken token, string issuer) =>
        Claim(token, "tid") is { } tenant && (issuer == addresses.IssuerV2(tenant) || issuer == EmulatorAddresses.IssuerV1(tenant));
}
