using System.Buffers;
using System.Buffers.Text;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Validates the access tokens that this server issued (RFC 9068). A token is bound to the URL of the endpoint, and is refused at another
/// URL. The validation reads no storage.
/// </summary>
internal sealed class ServerTokens : IDisposable
{
    /// <summary>The claim with the id of the grant for which the server issued the token.</summary>
    public const string GrantClaim = "grant";

    private const string AccessTokenType = "at+jwt";

    // The header of the server's tokens has fewer than 200 characters.
    private const int MaxHeaderLength = 512;

    private readonly ValidatedTokens _tokens;
    private readonly TokenValidationParameters _parameters;

    public ServerTokens(SigningKeys keys, TimeProvider time)
    {
        _tokens = new ValidatedTokens(new JsonWebTokenHandler { MapInboundClaims = false }, time);
        _parameters = new TokenValidationParameters
        {
            ConfigurationManager = keys,
            ValidTypes = [AccessTokenType],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            // The issuer and the audience depend on the URL of the request, so ValidateAsync checks them.
            ValidateIssuer = false,
            ValidateAudience = false,
            ClockSkew = TimeSpan.FromSeconds(30),
            RoleClaimType = "roles",
            NameClaimType = "preferred_username",
            // The server's tokens have no "nbf". All instances have the same clock, except for the skew.
            LifetimeValidator = (_, until, _, parameters) => until > time.GetUtcNow().UtcDateTime - parameters.ClockSkew,
        };
    }

    /// <summary>Returns whether the header of a token says that this server issued it. Entra ID uses another type.</summary>
    public static bool IsServerToken(ReadOnlySpan<char> token)
    {
        var end = token.IndexOf('.');
        if (end is <= 0 or > MaxHeaderLength)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[MaxHeaderLength];
        return Base64Url.DecodeFromChars(token[..end], header, out _, out var length) == OperationStatus.Done
            && header[..length].IndexOf("\"at+jwt\""u8) >= 0;
    }

    /// <summary>Validates a token for the URL of a request.</summary>
    /// <returns>The caller, or the reason why the token is refused.</returns>
    /// <exception cref="Storage.StateUnavailableException">The keys are not in memory, and the storage does not respond.</exception>
    public async ValueTask<(ClaimsPrincipal? Caller, string? Problem)> ValidateAsync(string token, HttpRequest request)
    {
        var result = await _tokens.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid)
        {
            return (null, result.Exception is { } failure ? TokenFailure.Describe(failure) : "invalid");
        }

        var jwt = (JsonWebToken)result.SecurityToken;
        return jwt.Issuer != ResourceUrl.OfIssuer(request) ? (null, "another issuer")
            : !IsOnlyAudience(jwt, ResourceUrl.Of(request)) ? (null, "another audience")
            : (new ClaimsPrincipal(result.ClaimsIdentity), null);
    }

    public void Dispose() => _tokens.Dispose();

    private static bool IsOnlyAudience(JsonWebToken token, string audience)
    {
        var isAudience = false;
        foreach (var each in token.Audiences)
        {
            if (isAudience || each != audience)
            {
                return false;
            }

            isAudience = true;
        }

        return isAudience;
    }
}
