namespace RemoteMcp.Auth.Authentication;

/// <summary>Specifies which callers the server accepts.</summary>
public enum AuthMode
{
    /// <summary>Every caller. Use it only for a listener that only the user of this machine can reach.</summary>
    None,

    /// <summary>Callers that send an access token from Microsoft Entra ID.</summary>
    Entra,
}
