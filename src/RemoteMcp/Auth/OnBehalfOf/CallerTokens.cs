using System.Buffers.Text;
using System.Security.Claims;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// Reads and sets the access token that a caller's principal holds. The token is used only for the on-behalf-of flow. On HTTP+SSE, a
/// message can arrive at a different instance than its stream. The token then goes to the instance of the stream, sealed with the fleet's
/// key ring and bound to the session.
/// </summary>
internal sealed class CallerTokens(KeyRing ring)
{
    private const string Purpose = "RemoteMcp.Auth.RelayedToken";

    /// <summary>Returns the token from which the principal was created, or <see langword="null"/> if the principal has none.</summary>
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

    /// <summary>
    /// Adds a sealed token to the principal that another instance sent. If the token cannot be opened, the principal gets no token.
    /// </summary>
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
