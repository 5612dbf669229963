using System.Security.Claims;

namespace RemoteMcp.Auth.Authentication;

/// <summary>What a validated token allows: its delegated scopes and its app roles.</summary>
/// <param name="user">The principal of the token.</param>
internal readonly struct Grants(ClaimsPrincipal user)
{
    /// <summary>The token is an app's own, without a user: Entra gives it roles and no scopes.</summary>
    public bool IsAppOnly => user.FindFirst("scp") is null;

    /// <summary>Whether the token has the delegated scope, to the letter: <c>scp</c> is a list with blanks between (RFC 8693, section 4.2).</summary>
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

    /// <summary>Whether the token has the app role, to the letter.</summary>
    public bool HasRole(string role) => user.HasClaim("roles", role);
}
