namespace RemoteMcp.Auth.Authentication;

/// <summary>Specifies where MCP clients sign in.</summary>
public enum SignInMode
{
    /// <summary>
    /// At this server. It is the authorization server of MCP clients, and delegates the sign-in to Microsoft Entra ID. A client needs only
    /// the URL.
    /// </summary>
    Server,

    /// <summary>At Microsoft Entra ID. Each client needs a client id that an administrator has registered.</summary>
    Direct,
}
