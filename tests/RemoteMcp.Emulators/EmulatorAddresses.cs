namespace RemoteMcp.Emulators;

/// <summary>Where the emulators listen. Known only after the start, because tests ask for port 0; published URLs derive from it.</summary>
public sealed class EmulatorAddresses
{
    private Uri? _entra;
    private Uri? _identity;

    /// <summary>What a client configures as <c>Instance</c>; ends with a slash.</summary>
    public Uri Entra
    {
        get => _entra ?? throw new InvalidOperationException("The emulator has not started.");
        internal set => _entra = value;
    }

    /// <summary>The value of <c>IDENTITY_ENDPOINT</c>: plain HTTP, as on App Service.</summary>
    public Uri IdentityEndpoint
    {
        get => _identity ?? throw new InvalidOperationException("The emulator has not started.");
        internal set => _identity = value;
    }

    /// <summary>Stands in for <c>https://graph.microsoft.com/v1.0/</c>.</summary>
    public Uri Graph => new(Entra, "v1.0/");

    /// <summary>Stands in for <c>https://management.azure.com/</c>.</summary>
    public Uri Arm => new(Entra, "arm/");

    /// <summary>Stands in for <c>https://api.loganalytics.io/</c>.</summary>
    public Uri Logs => new(Entra, "loganalytics/");

    /// <summary>The <c>iss</c> of a tenant's v2 tokens.</summary>
    public string IssuerV2(string tenantId) => $"{Entra}{tenantId}/v2.0";

    /// <summary>
    /// The <c>iss</c> of a tenant's v1 tokens: as in Entra on a host of its own, which serves nothing; storage emulators look for it.
    /// </summary>
    public static string IssuerV1(string tenantId) => $"https://sts.windows.net/{tenantId}/";
}
