using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra;

/// <summary>A sign-in of a user.</summary>
/// <param name="Id">The <c>sid</c> of the tokens of this sign-in.</param>
/// <param name="Tenant">The tenant of the sign-in.</param>
/// <param name="User">The user who signed in.</param>
/// <param name="Multifactor">Whether the user gave a second factor.</param>
/// <param name="StartedAt">The time of the sign-in.</param>
internal sealed record Session(string Id, Tenant Tenant, User User, bool Multifactor, DateTimeOffset StartedAt)
{
    private long _revokedAt;

    /// <summary>The time at which an administrator revoked the session, or null.</summary>
    public DateTimeOffset? RevokedAt => Interlocked.Read(ref _revokedAt) is var ticks and > 0 ? new(ticks, TimeSpan.Zero) : null;

    public void Revoke(DateTimeOffset at) => Interlocked.CompareExchange(ref _revokedAt, at.UtcTicks, 0);
}

/// <summary>The permissions that a user gave to a client. A code, a refresh token, or a device code refers to them.</summary>
/// <param name="Session">The sign-in.</param>
/// <param name="Client">The client.</param>
/// <param name="Scopes">The requested scopes.</param>
internal sealed record UserGrant(Session Session, Application Client, RequestedScopes Scopes)
{
    public Tenant Tenant => Session.Tenant;

    public User User => Session.User;

    /// <summary>
    /// The platform of the redirect URI. It determines the requirements of the token endpoint for the lifetime of the grant.
    /// </summary>
    public RedirectPlatform Platform { get; init; }

    public string? Nonce { get; init; }
}
