namespace RemoteMcp.Auth.Authorization;

/// <summary>
/// Specifies the delegated scope that a caller needs for a tool, prompt, or resource, in addition to the scope that every request needs.
/// On a class, the attribute applies to each of its methods. If there are several attributes, the caller needs all of them. A caller
/// without the scope cannot see the tool and cannot call it (RFC 6750, section 3.1, <c>insufficient_scope</c>).
/// </summary>
/// <param name="scope">The value of the scope in the app registration, without the identifier URI, for example <c>Files.Write</c>.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequiresScopeAttribute(string scope) : Attribute
{
    /// <summary>Gets the scope that a user token needs.</summary>
    public string Scope { get; } = scope;

    /// <summary>
    /// Gets or sets the app role that a token of an app without a user needs instead, because such tokens have no scopes. If it is not set,
    /// apps without a user cannot call the tool.
    /// </summary>
    public string? AppRole { get; set; }
}
