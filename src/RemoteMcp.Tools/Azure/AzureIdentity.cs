namespace RemoteMcp.Tools.Azure;

/// <summary>As whom the Azure tools ask Azure.</summary>
public enum AzureIdentity
{
    /// <summary>As the server: every caller of the tools sees what the managed identity's roles let it see.</summary>
    App,

    /// <summary>On behalf of the caller: everybody sees what their own roles let them see.</summary>
    Caller,
}
