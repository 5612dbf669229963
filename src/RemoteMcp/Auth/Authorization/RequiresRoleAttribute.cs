namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// Says which app role a caller, person or app, must be assigned for a tool, prompt or resource. Put on a class, it counts for each of
/// its methods; several add up. A caller without it neither sees the tool nor can call it.
/// </summary>
/// <param name="role">The role's value in the app registration, e.g. <c>Mcp.Admin</c>.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequiresRoleAttribute(string role) : Attribute
{
    /// <summary>The role that the token must have.</summary>
    public string Role { get; } = role;
}
