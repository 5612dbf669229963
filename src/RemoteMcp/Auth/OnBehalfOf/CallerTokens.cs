using System.Buffers.Text;
using System.Security.Claims;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// Stores the token that a caller sent in the caller's principal. The token is used only for the on-behalf-of exchange. On HTTP+SSE, a
/// message can arrive at a different instance than its stream. Between instances, the token is sealed with the fleet's key ring and bound
/// to its session.
/// </summary>
internal sealed class CallerTokens(KeyRing ring)
{
    private const string Purpose = "RemoteMcp.Auth.RelayedToken";

    /// <summary>Returns the token from which the principal was created, if the principal still has it.</summary>
    public static string? Of(ClaimsPrincipal user) => (user.Identity as ClaimsIdentity)?.BootstrapContext switch
    {
        string token => token,
        JsonWebToken token => token.EncodedToken,
        _ => null,
    };

    /// <returns>The sealed token, or <see langword="null"/> if the principal has none.</returns>
    public async ValueTask<string?> SealAsync(ClaimsPrincipal user, string session, CancellationToken cancellationToken) =>
        Of(user) is { } token
            ? Base64Url.EncodeToString(await ring.Protector(Purpose, session).SealAsync(Encoding.UTF8.GetBytes(token), cancellationToken))
            : null;

    /// <summary>Adds the token to a relayed principal. If the token cannot be opened, the principal has no token.</summary>
    public async ValueTask<ClaimsPrincipal> AttachAsync(
        ClaimsPrincipal user, string? sealedToken, string session, CancellationToken cancellationToken)
    {
        if (sealedToken is not null && Base64Url.IsValid(sealedToken) && user.Identity is ClaimsIdentity identity
            && await ring.Protector(Purpose, session).TryOpenAsync(Base64Url.DecodeFromChars(sealedToken), cancellationToken) is { } token)
        {
            identity.BootstrapContext = Encoding.UTF8.GetString(token);
        }

        return user;
    }
}
