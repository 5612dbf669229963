using RemoteMcp.Emulators.Directories;


namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>A request to the token endpoint after the client and its credential were checked.</summary>
/// <param name="Tenant">The tenant, or null if the URL contains <c>common</c> or <c>organizations</c>.</param>
/// <param name="Client">The client of the request.</param>
/// <param name="Proof">
/// How the client authenticated. A client without a credential is allowed at this point. The grant type decides about it.
/// </param>
/// <param name="Parameters">The form of the request.</param>
/// <param name="Origin">The <c>Origin</c> header of a browser.</param>
internal sealed record TokenRequest(Tenant? Tenant, Application Client, ClientProof Proof, RequestParameters Parameters, string? Origin)
{
    public Tenant RequireTenant() => Tenant ?? throw Refusals.NoTenant();

    /// <summary>Checks that the request fits the platform of the client's redirect URI.</summary>
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

/// <summary>A grant type.</summary>
internal interface ITokenGrant
{
    /// <summary>The values of <c>grant_type</c> that this class handles.</summary>
    IReadOnlyList<string> GrantTypes { get; }

    /// <exception cref="Refusal">The request is refused.</exception>
    Task<TokenResponse> HandleAsync(TokenRequest request);
}
