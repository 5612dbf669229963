using System.Reflection;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Auth.Authorization;

/// <summary>Reads the permission that the attributes of a tool, prompt, or resource declare.</summary>
internal static class DeclaredPermission
{
    /// <summary>Returns the permission that the attributes require. For a tool, the configuration can add requirements.</summary>
    public static Permission Read(IMcpServerPrimitive primitive, ToolPermissions? configured)
    {
        var attributes = Attributes(primitive);
        var scopes = attributes.OfType<RequiresScopeAttribute>().Select(static attribute => (attribute.Scope, attribute.AppRole)).ToList();
        // If an attribute already requires a scope, the same scope in the configuration adds nothing. The scope keeps its app role.
        scopes.AddRange((configured?.Scopes ?? [])
            .Where(scope => scopes.TrueForAll(declared => declared.Scope != scope))
            .Select(static scope => (scope, (string?)null))
            .ToList());
        var roles = attributes.OfType<RequiresRoleAttribute>().Select(static attribute => attribute.Role).Concat(configured?.Roles ?? []);
        return new Permission(scopes, roles);
    }

    /// <summary>Returns a message, for the author of the code, for each attribute value that is not a valid scope or app role.</summary>
    public static IEnumerable<string> FindProblems(IMcpServerPrimitive primitive)
    {
        foreach (var attribute in Attributes(primitive))
        {
            if (attribute is RequiresScopeAttribute scope && !PermissionName.IsValid(scope.Scope))
            {
                yield return $"[RequiresScope] of '{primitive.Id}' is '{scope.Scope}'. Set it to {PermissionName.Rule}.";
            }

            if (attribute is RequiresScopeAttribute { AppRole: { } appRole } && !PermissionName.IsValid(appRole))
            {
                yield return $"[RequiresScope(AppRole)] of '{primitive.Id}' is '{appRole}'. Set it to {PermissionName.Rule}.";
            }

            if (attribute is RequiresRoleAttribute role && !PermissionName.IsValid(role.Role))
            {
                yield return $"[RequiresRole] of '{primitive.Id}' is '{role.Role}'. Set it to {PermissionName.Rule}.";
            }
        }
    }

    // The SDK collects the attributes of the method and of the class that declares it. For an inherited method, the attributes of the
    // inheriting class apply too.
    private static List<object> Attributes(IMcpServerPrimitive primitive)
    {
        List<object> attributes = [.. primitive.Metadata];
        if (primitive.Metadata is [MethodInfo { ReflectedType: { } type } method, ..] && type != method.DeclaringType)
        {
            attributes.AddRange(type.GetCustomAttributes());
        }

        return attributes;
    }
}
