namespace RemoteMcp.Emulators;

/// <summary>
/// The addresses of the emulators. They are unknown until the start, because tests use port 0. The published URLs are based on them.
/// </summary>
public sealed class EmulatorAddresses
{
    private Uri? _entra;
    private Uri? _identity;

    /// <summary>The value of a client's setting <c>Instance</c>. It ends with a slash.</summary>
    public Uri Entra
    {
        get => _entra ?? throw new InvalidOperationException("The emulator has not started.");
        internal set => _entra = value;
    }

    /// <summary>The value of <c>IDENTITY_ENDPOINT</c>. It uses plain HTTP, as on App Service.</summary>
    public Uri IdentityEndpoint
    {
        get => _identity ?? throw new InvalidOperationException("The emulator has not started.");
        internal set => _identity = value;
    }

    /// <summary>Replaces <c>https://graph.microsoft.com/v1.0/</c>.</summary>
    public Uri Graph => new(Entra, "v1.0/");

    /// <summary>Replaces <c>https://management.azure.com/</c>.</summary>
    public Uri Arm => new(Entra, "arm/");

    /// <summary>Replaces <c>https://api.loganalytics.io/</c>.</summary>
    public Uri Logs => new(Entra, "loganalytics/");

    /// <summary>Replaces <c>https://VAULT.vault.azure.net/</c>.</summary>
    public Uri Vault => new(Entra, "/");

    /// <summary>The <c>iss</c> of a tenant's v2 tokens.</summary>
    public string IssuerV2(string tenantId) => $"{Entra}{tenantId}/v2.0";

    /// <summary>
    /// The <c>iss</c> of a tenant's v1 tokens. As in Entra, it has a different host, which serves nothing. Storage emulators check this
    /// value.
    /// </summary>
    public static string IssuerV1(string tenantId) => $"https://sts.windows.net/{tenantId}/";
}
