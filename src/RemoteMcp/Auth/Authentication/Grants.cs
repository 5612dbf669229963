using System.Security.Claims;

namespace RemoteMcp.Auth.Authentication;

/// <summary>Reads the delegated scopes and the app roles of a validated token.</summary>
/// <param name="user">The principal of the token.</param>
internal readonly struct Grants(ClaimsPrincipal user)
{
    /// <summary>Gets whether the token is for an app without a user. Entra gives such a token roles and no scopes.</summary>
    public bool IsAppOnly => user.FindFirst("scp") is null;

    /// <summary>
    /// Returns whether the token has the delegated scope. The comparison is exact. The claim <c>scp</c> is a list that is separated by
    /// spaces (RFC 8693, section 4.2).
    /// </summary>
    public bool HasScope(string scope)
    {
        foreach (var claim in user.FindAll("scp"))
        {
            foreach (var range in claim.Value.AsSpan().Split(' '))
            {
                if (claim.Value.AsSpan(range).SequenceEqual(scope))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Returns whether the token has the app role. The comparison is exact.</summary>
    public bool HasRole(string role) => user.HasClaim("roles", role);
}
