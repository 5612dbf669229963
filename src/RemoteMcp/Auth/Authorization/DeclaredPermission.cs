using System.Reflection;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Auth.Authorization;

/// <summary>What the attributes of a tool, prompt or resource say.</summary>
internal static class DeclaredPermission
{
    /// <summary>The permission that the attributes and, for a tool, the configuration ask for together.</summary>
    public static Permission Read(IMcpServerPrimitive primitive, ToolPermissions? tightened)
    {
        var attributes = Attributes(primitive);
        var scopes = attributes.OfType<RequiresScopeAttribute>().Select(static attribute => (attribute.Scope, attribute.AppRole)).ToList();
        // A scope that the tool asks for already keeps its app role: saying it again tightens nothing.
        scopes.AddRange((tightened?.Scopes ?? []).Where(scope => scopes.TrueForAll(each => each.Scope != scope)).Select(static scope => (scope, (string?)null)).ToList());
        var roles = attributes.OfType<RequiresRoleAttribute>().Select(static attribute => attribute.Role).Concat(tightened?.Roles ?? []);
        return new Permission(scopes, roles);
    }

    /// <summary>The attributes' values that no app registration can have, as messages for the author.</summary>
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

    // The SDK collects those of the method and of the class that declares it; a method that a class inherits is under that class's, too.
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
