using System.Security.Claims;

namespace RemoteMcp.Auth.Authentication;

/// <summary>Specifies the kind of a caller.</summary>
public enum CallerKind
{
    /// <summary>The user of this machine. Callers do not sign in, because the server runs on stdio or on a loopback listener.</summary>
    Local,

    /// <summary>A person who signed in with Microsoft Entra ID.</summary>
    User,

    /// <summary>An app that signed in as itself, without a user.</summary>
    App,
}

/// <summary>
/// Describes the caller. The server supplies a tool's parameter of this type, and the parameter is not an argument of the tool. Use it to
/// show or to record the caller. For permissions, use <see cref="Authorization.RequiresScopeAttribute"/> and
/// <see cref="Authorization.RequiresRoleAttribute"/>, because the server tells a caller which scope or role is missing.
/// </summary>
public sealed record CallerInfo
{
    internal static CallerInfo Local { get; } = new() { Kind = CallerKind.Local };

    /// <summary>Gets the kind of the caller.</summary>
    public CallerKind Kind { get; private init; }

    /// <summary>Gets the id of the caller's tenant, or <see langword="null"/> for the local user.</summary>
    public string? TenantId { get; private init; }

    /// <summary>Gets the object id of the person or app, or <see langword="null"/> for the local user. It never changes.</summary>
    public string? ObjectId { get; private init; }

    /// <summary>Gets the display name of a person. It can change and is not unique.</summary>
    public string? Name { get; private init; }

    /// <summary>Gets the user name with which a person signs in, usually an e-mail address. It can change.</summary>
    public string? Username { get; private init; }

    /// <summary>Gets the id of the client app that sends the requests, or <see langword="null"/> for the local user.</summary>
    public string? ClientId { get; private init; }

    /// <summary>Gets the delegated scopes of the token, as listed in the claim <c>scp</c>.</summary>
    public IReadOnlyList<string> Scopes { get; private init; } = [];

    /// <summary>Gets the app roles of the token.</summary>
    public IReadOnlyList<string> Roles { get; private init; } = [];

    internal static CallerInfo From(ClaimsPrincipal? user)
    {
        var caller = Caller.From(user);
        return caller == Caller.Local ? Local : new()
        {
            Kind = new Grants(user!).IsAppOnly ? CallerKind.App : CallerKind.User,
            TenantId = NullIfEmpty(caller.Tenant),
            ObjectId = NullIfEmpty(caller.User),
            Name = NullIfEmpty(user!.FindFirst("name")?.Value),
            Username = NullIfEmpty(user.FindFirst("preferred_username")?.Value),
            ClientId = NullIfEmpty(caller.Client),
            Scopes = [.. user.FindAll("scp").SelectMany(static claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))],
            Roles = [.. user.FindAll("roles").Select(static claim => claim.Value)],
        };
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
