using System.Security.Claims;

namespace RemoteMcp.Auth.Authentication;

/// <summary>A caller as it travels from the instance that checked its token to another one of the fleet.</summary>
internal static class CallerClaims
{
    private const string AuthenticationType = "Relayed";

    /// <returns>Type, value and issuer of each claim; <see langword="null"/> for a caller without authentication.</returns>
    public static string[][]? Pack(ClaimsPrincipal user) => user.Identity?.IsAuthenticated == true
        ? [.. user.Claims.Select(static claim => new[] { claim.Type, claim.Value, claim.Issuer })]
        : null;

    public static ClaimsPrincipal Unpack(string[][]? claims) => claims is null
        ? new ClaimsPrincipal()
        : new ClaimsPrincipal(new ClaimsIdentity(claims.Select(static claim => new Claim(claim[0], claim[1], ClaimValueTypes.String, claim[2])), AuthenticationType));
}
