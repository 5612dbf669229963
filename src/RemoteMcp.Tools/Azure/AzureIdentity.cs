namespace RemoteMcp.Tools.Azure;

/// <summary>The identity that the Azure tools use to call Azure.</summary>
public enum AzureIdentity
{
    /// <summary>
    /// The identity of the caller. Each caller sees only what their own roles allow. If callers do not sign in, the caller is the developer
    /// at this machine.
    /// </summary>
    Caller,

    /// <summary>
    /// The identity of the server. Every caller of the tools sees everything that the roles of the managed identity allow.
    /// </summary>
    App,
}
