namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// Specifies the app role that a caller, a person or an app, needs for a tool, prompt, or resource. On a class, the attribute applies to
/// each of its methods. If there are several attributes, the caller needs all of them. A caller without the role cannot see the tool and
/// cannot call it.
/// </summary>
/// <param name="role">The value of the role in the app registration, for example <c>Mcp.Admin</c>.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequiresRoleAttribute(string role) : Attribute
{
    /// <summary>Gets the role that the token must have.</summary>
    public string Role { get; } = role;
}
