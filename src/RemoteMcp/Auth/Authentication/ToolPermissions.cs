namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// What an operator asks of the callers of one tool, besides what the tool asks itself: section <c>RemoteMcp:Auth:Tools:{tool}</c>.
/// </summary>
public sealed class ToolPermissions
{
    /// <summary>
    /// Delegated scopes that a token of a user needs too, without the identifier URI. They have no app role in their place, so that apps
    /// without a user cannot call the tool any more.
    /// </summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>App roles that every caller, person or app, needs too.</summary>
    public IList<string> Roles { get; } = [];
}
