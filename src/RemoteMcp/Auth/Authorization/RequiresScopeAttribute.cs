namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// Says which delegated scope a caller needs for a tool, prompt or resource, besides the one that the whole server needs. Put on a class,
/// it counts for each of its methods; several add up. A caller without it neither sees the tool nor can call it (RFC 6750, section 3.1,
/// <c>insufficient_scope</c>).
/// </summary>
/// <param name="scope">The scope's value in the app registration, without the identifier URI, e.g. <c>Files.Write</c>.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequiresScopeAttribute(string scope) : Attribute
{
    /// <summary>The scope that a token of a user needs.</summary>
    public string Scope { get; } = scope;

    /// <summary>
    /// The app role that a token of an app without a user needs in its place: such tokens have no scopes. Unset, apps cannot call.
    /// </summary>
    public string? AppRole { get; set; }
}
