using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Validates tokens, and remembers those that were good, so that a caller's next requests cost a hash in place of an asymmetric signature.
/// </summary>
/// <remarks>
/// A remembered token is good until it expires and while its key is among the issuer's current ones: a key that Entra ID withdraws ends
/// the tokens that it signed with the next download of the keys. What was refused is not remembered.
/// </remarks>
internal sealed class ValidatedTokens(JsonWebTokenHandler handler, TimeProvider time) : TokenHandler, IDisposable
{
    /// <summary>Some 5 KB each.</summary>
    public const int Capacity = 10_000;

    private readonly MemoryCache _good = new(new MemoryCacheOptions { SizeLimit = Capacity });

    /// <summary>Tokens that are remembered.</summary>
    public int Count => _good.Count;

    public override SecurityToken ReadToken(string token) => handler.ReadToken(token);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        // Without its keys at hand nothing can be known to be still valid.
        var issuer = validationParameters.ConfigurationManager is { } manager ? await manager.GetBaseConfigurationAsync(CancellationToken.None) : null;
        if (issuer is null || token.Length > MaximumTokenSizeInBytes)
        {
            return await ValidateAsync(token, validationParameters);
        }

        var key = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_good.TryGetValue(key, out GoodToken? good) && good!.IsStillGood(issuer, time.GetUtcNow().UtcDateTime, validationParameters.ClockSkew))
        {
            return good.Result;
        }

        var result = await ValidateAsync(token, validationParameters);
        if (result.IsValid)
        {
            // The keys may have been downloaded anew to find this token's.
            issuer = await validationParameters.ConfigurationManager!.GetBaseConfigurationAsync(CancellationToken.None);
            using var entry = _good.CreateEntry(key);
            entry.Size = 1;
            entry.AbsoluteExpiration = new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero) + validationParameters.ClockSkew;
            entry.Value = new GoodToken(result, issuer);
        }

        return result;
    }

    public override Task<TokenValidationResult> ValidateTokenAsync(SecurityToken token, TokenValidationParameters validationParameters) =>
        handler.ValidateTokenAsync(token, validationParameters);

    public void Dispose() => _good.Dispose();

    private async Task<TokenValidationResult> ValidateAsync(string token, TokenValidationParameters validationParameters)
    {
        var result = await handler.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            // The principal keeps the token that it was made of, for the exchange on behalf of the caller.
            result.ClaimsIdentity.BootstrapContext = result.SecurityToken;
        }

        return result;
    }

    private sealed class GoodToken(TokenValidationResult result, BaseConfiguration issuer)
    {
        // The same object until the keys are downloaded anew.
        private BaseConfiguration _issuer = issuer;

        public TokenValidationResult Result => result;

        public bool IsStillGood(BaseConfiguration issuer, DateTime now, TimeSpan skew)
        {
            if (now >= result.SecurityToken.ValidTo + skew)
            {
                return false;
            }

            if (!ReferenceEquals(_issuer, issuer))
            {
                if (!HasKey(issuer))
                {
                    return false;
                }

                _issuer = issuer;
            }

            return true;
        }

        private bool HasKey(BaseConfiguration issuer)
        {
            foreach (var key in issuer.SigningKeys)
            {
                if (key.KeyId == ((JsonWebToken)result.SecurityToken).Kid)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
