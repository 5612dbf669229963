using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Validates tokens and caches the results for valid tokens. For later requests with the same token, the server computes only a hash and
/// does not verify the asymmetric signature again.
/// </summary>
/// <remarks>
/// A cached token is valid until it expires, and only while its key is one of the issuer's current keys. When Entra ID withdraws a key, the
/// next download of the keys invalidates the tokens that were signed with it. Refused tokens are not cached.
/// </remarks>
internal sealed class ValidatedTokens(JsonWebTokenHandler handler, TimeProvider time) : TokenHandler, IDisposable
{
    /// <summary>The maximum number of cached tokens. Each one takes about 5 KB.</summary>
    public const int Capacity = 10_000;

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = Capacity });

    /// <summary>Gets the number of cached tokens.</summary>
    public int Count => _cache.Count;

    public override SecurityToken ReadToken(string token) => handler.ReadToken(token);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        // The cache can be used only with the issuer's current keys, because a cached token is valid only while its key is one of them.
        var issuer = validationParameters.ConfigurationManager is { } manager
            ? await manager.GetBaseConfigurationAsync(CancellationToken.None)
            : null;
        if (issuer is null || token.Length > MaximumTokenSizeInBytes)
        {
            return await ValidateAsync(token, validationParameters);
        }

        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_cache.TryGetValue(hash, out CachedToken? cached)
            && cached!.IsStillValid(issuer, time.GetUtcNow().UtcDateTime, validationParameters.ClockSkew))
        {
            return cached.Result;
        }

        var result = await ValidateAsync(token, validationParameters);
        if (result.IsValid)
        {
            // The validation may have downloaded the keys again to find the key of this token.
            issuer = await validationParameters.ConfigurationManager!.GetBaseConfigurationAsync(CancellationToken.None);
            using var entry = _cache.CreateEntry(hash);
            entry.Size = 1;
            entry.AbsoluteExpiration = new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero) + validationParameters.ClockSkew;
            entry.Value = new CachedToken(result, issuer);
        }

        return result;
    }

    public override Task<TokenValidationResult> ValidateTokenAsync(SecurityToken token, TokenValidationParameters validationParameters) =>
        handler.ValidateTokenAsync(token, validationParameters);

    public void Dispose() => _cache.Dispose();

    private async Task<TokenValidationResult> ValidateAsync(string token, TokenValidationParameters validationParameters)
    {
        var result = await handler.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            // The principal keeps its token for the on-behalf-of exchange.
            result.ClaimsIdentity.BootstrapContext = result.SecurityToken;
        }

        return result;
    }

    private sealed class CachedToken(TokenValidationResult result, BaseConfiguration issuer)
    {
        // The configuration manager returns the same object until it downloads the keys again.
        private BaseConfiguration _issuer = issuer;

        public TokenValidationResult Result => result;

        public bool IsStillValid(BaseConfiguration issuer, DateTime now, TimeSpan skew)
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
