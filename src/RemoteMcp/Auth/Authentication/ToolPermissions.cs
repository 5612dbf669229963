namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Options for the permissions that an operator requires for one tool, in addition to those that the tool declares. Configuration section:
/// <c>RemoteMcp:Auth:Tools:{tool}</c>.
/// </summary>
public sealed class ToolPermissions
{
    /// <summary>
    /// Gets the additional delegated scopes that a user token needs, without the identifier URI. These scopes have no equivalent app role,
    /// so apps without a user can no longer call the tool.
    /// </summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>Gets the additional app roles that every caller needs, whether it is a person or an app.</summary>
    public IList<string> Roles { get; } = [];
}
