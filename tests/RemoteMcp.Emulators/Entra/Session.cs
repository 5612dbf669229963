using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra;

/// <summary>A sign-in of a person; the <c>sid</c> of the tokens that come of it.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Tenant">Where the person signed in.</param>
/// <param name="User">Who.</param>
/// <param name="Multifactor">Whether a second factor was given.</param>
internal sealed record Session(string Id, Tenant Tenant, User User, bool Multifactor);

/// <summary>What a person has let a client do: behind a code, a refresh token or a device code.</summary>
/// <param name="Session">The sign-in.</param>
/// <param name="Client">The client.</param>
/// <param name="Scopes">What it asked for.</param>
internal sealed record UserGrant(Session Session, Application Client, RequestedScopes Scopes)
{
    public Tenant Tenant => Session.Tenant;

    public User User => Session.User;

    /// <summary>The platform of the redirect URI, which decides what the token endpoint demands ever after.</summary>
    public RedirectPlatform Platform { get; init; }

    public string? Nonce { get; init; }
}
