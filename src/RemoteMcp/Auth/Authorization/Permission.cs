using System.Security.Claims;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// The scopes and app roles that a caller needs for a tool, prompt, or resource, in addition to those that every request needs.
/// </summary>
internal sealed class Permission
{
    private readonly string[] _scopes;
    private readonly string[] _rolesOfApps;
    private readonly string[] _rolesOfAll;
    private readonly bool _requiresUser;

    /// <param name="scopes">
    /// The scopes that a user token needs. <c>AppRole</c> is the role that the token of an app without a user needs instead. If a scope has
    /// none, such apps do not get the permission.
    /// </param>
    /// <param name="roles">The roles that both users and apps need.</param>
    public Permission(IReadOnlyCollection<(string Scope, string? AppRole)> scopes, IEnumerable<string> roles)
    {
        _scopes = [.. scopes.Select(static each => each.Scope).Distinct(StringComparer.Ordinal)];
        _rolesOfApps = [.. scopes.Select(static each => each.AppRole).OfType<string>().Distinct(StringComparer.Ordinal)];
        _requiresUser = scopes.Any(static each => each.AppRole is null);
        _rolesOfAll = [.. roles.Distinct(StringComparer.Ordinal)];
    }

    private Permission(Permission first, Permission second)
    {
        _scopes = [.. first._scopes.Union(second._scopes, StringComparer.Ordinal)];
        _rolesOfApps = [.. first._rolesOfApps.Union(second._rolesOfApps, StringComparer.Ordinal)];
        _rolesOfAll = [.. first._rolesOfAll.Union(second._rolesOfAll, StringComparer.Ordinal)];
        _requiresUser = first._requiresUser || second._requiresUser;
    }

    /// <summary>Gets the empty permission. Every caller that the server accepts has it.</summary>
    public static Permission None { get; } = new([], []);

    /// <summary>Gets the delegated scopes, without the identifier URI.</summary>
    public IReadOnlyList<string> Scopes => _scopes;

    public bool IsNone => _scopes.Length == 0 && _rolesOfAll.Length == 0;

    /// <summary>Returns a permission that requires this permission and another one.</summary>
    public Permission And(Permission other) => IsNone ? other : other.IsNone ? this : new(this, other);

    /// <summary>Returns whether the caller has this permission. A missing caller has only the empty permission.</summary>
    public bool IsGrantedTo(ClaimsPrincipal? user)
    {
        if (IsNone)
        {
            return true;
        }

        if (user is null)
        {
            return false;
        }

        var grants = new Grants(user);
        return HasAllRoles(grants, _rolesOfAll)
            && (grants.IsAppOnly ? !_requiresUser && HasAllRoles(grants, _rolesOfApps) : HasAllScopes(grants));
    }

    /// <summary>
    /// Returns a message that tells the caller what is missing and what to do. It has no quotation marks, because it becomes part of a
    /// header.
    /// </summary>
    public string Explain(ClaimsPrincipal? user)
    {
        var grants = new Grants(user ?? new ClaimsPrincipal());
        var reasons = new List<string>();
        if (grants.IsAppOnly && _requiresUser)
        {
            reasons.Add("only a signed-in user may do this, but the token belongs to an app without a user.");
        }
        else if (!grants.IsAppOnly && _scopes.Where(scope => !grants.HasScope(scope)).ToArray() is { Length: > 0 } scopes)
        {
            reasons.Add($"the token lacks the scope {string.Join(", ", scopes)}.");
        }

        var needed = grants.IsAppOnly && !_requiresUser ? _rolesOfAll.Union(_rolesOfApps, StringComparer.Ordinal) : _rolesOfAll;
        if (needed.Where(role => !grants.HasRole(role)).ToArray() is { Length: > 0 } roles)
        {
            reasons.Add($"the caller lacks the app role {string.Join(", ", roles)}: ask your administrator to assign it.");
        }

        return "Forbidden: " + string.Join(" Also, ", reasons);
    }

    private static bool HasAllRoles(Grants grants, string[] roles)
    {
        foreach (var role in roles)
        {
            if (!grants.HasRole(role))
            {
                return false;
            }
        }

        return true;
    }

    private bool HasAllScopes(Grants grants)
    {
        foreach (var scope in _scopes)
        {
            if (!grants.HasScope(scope))
            {
                return false;
            }
        }

        return true;
    }
}
