using System.Security.Claims;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Serializes the claims of a caller. The instance that checked the caller's token sends them to another instance of the fleet, which does
/// not check the token again.
/// </summary>
internal static class CallerClaims
{
    private const string AuthenticationType = "Relayed";

    /// <returns>The type, value, and issuer of each claim, or <see langword="null"/> if the caller is not authenticated.</returns>
    public static string[][]? Pack(ClaimsPrincipal user) => user.Identity?.IsAuthenticated == true
        ? [.. user.Claims.Select(static claim => new[] { claim.Type, claim.Value, claim.Issuer })]
        : null;

    public static ClaimsPrincipal Unpack(string[][]? claims) => claims is null
        ? new ClaimsPrincipal()
        : new ClaimsPrincipal(new ClaimsIdentity(
            claims.Select(static claim => new Claim(claim[0], claim[1], ClaimValueTypes.String, claim[2])), AuthenticationType));
}
