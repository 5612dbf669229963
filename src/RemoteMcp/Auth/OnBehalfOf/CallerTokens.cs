using System.Buffers.Text;
using System.Security.Claims;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// The token that a caller sent travels with the caller's principal, for the exchange on behalf of the caller and for nothing else. Between
/// instances (HTTP+SSE, where a message may arrive elsewhere than its stream) it goes sealed with the fleet's key ring, for its session alone.
/// </summary>
internal sealed class CallerTokens(KeyRing ring)
{
    private const string Purpose = "RemoteMcp.Auth.RelayedToken";

    /// <summary>The token that a principal was made of, if it is at hand.</summary>
    public static string? Of(ClaimsPrincipal user) => (user.Identity as ClaimsIdentity)?.BootstrapContext switch
    {
        string token => token,
        JsonWebToken token => token.EncodedToken,
        _ => null,
    };

    /// <returns>The sealed token; <see langword="null"/> where there is none.</returns>
    public async ValueTask<string?> SealAsync(ClaimsPrincipal user, string session, CancellationToken cancellationToken) => Of(user) is { } token
        ? Base64Url.EncodeToString(await ring.Protector(Purpose, session).SealAsync(Encoding.UTF8.GetBytes(token), cancellationToken))
        : null;

    /// <summary>Gives a relayed principal its token back. One that cannot be opened leaves it without.</summary>
    public async ValueTask<ClaimsPrincipal> AttachAsync(ClaimsPrincipal user, string? sealedToken, string session, CancellationToken cancellationToken)
    {
        if (sealedToken is not null && Base64Url.IsValid(sealedToken) && user.Identity is ClaimsIdentity identity
            && await ring.Protector(Purpose, session).TryOpenAsync(Base64Url.DecodeFromChars(sealedToken), cancellationToken) is { } token)
        {
            identity.BootstrapContext = Encoding.UTF8.GetString(token);
        }

        return user;
    }
}
