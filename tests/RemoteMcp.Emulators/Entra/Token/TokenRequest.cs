using RemoteMcp.Emulators.Directories;


namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>A request to the token endpoint whose client is known and has proved what it presented.</summary>
/// <param name="Tenant">Null when the URL says <c>common</c> or <c>organizations</c>.</param>
/// <param name="Client">Who asks.</param>
/// <param name="Proof">How it proved itself; nothing at all is allowed here, and judged by the grant.</param>
/// <param name="Parameters">The form.</param>
/// <param name="Origin">The <c>Origin</c> header of a browser.</param>
internal sealed record TokenRequest(Tenant? Tenant, Application Client, ClientProof Proof, RequestParameters Parameters, string? Origin)
{
    public Tenant RequireTenant() => Tenant ?? throw Refusals.NoTenant();

    /// <summary>Holds the client to the platform under which its redirect URI is registered.</summary>
    public void RequirePlatform(RedirectPlatform platform)
    {
        switch (platform)
        {
            case RedirectPlatform.Web when Proof == ClientProof.None:
                throw ClientRefusals.CredentialMissing();
            case RedirectPlatform.PublicClient or RedirectPlatform.Spa when Proof != ClientProof.None:
                throw ClientRefusals.CredentialOfPublicClient();
            case RedirectPlatform.Spa when Origin is null:
                throw Refusals.OriginRequired();
            case RedirectPlatform.PublicClient or RedirectPlatform.Web when Origin is not null:
                throw Refusals.OriginNotAllowed(Origin);
        }
    }
}

/// <summary>One grant type.</summary>
internal interface ITokenGrant
{
    /// <summary>The values of <c>grant_type</c> that it serves.</summary>
    IReadOnlyList<string> GrantTypes { get; }

    /// <exception cref="Refusal">The request is declined.</exception>
    Task<TokenResponse> HandleAsync(TokenRequest request);
}
