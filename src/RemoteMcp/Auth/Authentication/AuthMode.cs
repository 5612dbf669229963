namespace RemoteMcp.Auth.Authentication;

/// <summary>Who may call the server.</summary>
public enum AuthMode
{
    /// <summary>Whoever reaches it: only for a listener that nobody but this machine's user reaches.</summary>
    None,

    /// <summary>Holders of an access token of Microsoft Entra ID.</summary>
    Entra,
}
