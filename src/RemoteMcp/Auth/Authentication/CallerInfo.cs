using System.Security.Claims;

namespace RemoteMcp.Auth.Authentication;

/// <summary>How a caller is known.</summary>
public enum CallerKind
{
    /// <summary>The user of this machine: the server runs for nobody else, and nobody signs in (stdio, or a loopback listener).</summary>
    Local,

    /// <summary>A person who signed in with Microsoft Entra ID.</summary>
    User,

    /// <summary>An app that signed in as itself, without a person.</summary>
    App,
}

/// <summary>
/// Who the server thinks is calling: a parameter of this type is filled in by the server and is no argument of the tool. To be shown or
/// recorded; for permissions use <see cref="Authorization.RequiresScopeAttribute"/> and <see cref="Authorization.RequiresRoleAttribute"/>, which callers can see.
/// </summary>
public sealed record CallerInfo
{
    internal static CallerInfo Local { get; } = new() { Kind = CallerKind.Local };

    /// <summary>How the caller is known.</summary>
    public CallerKind Kind { get; private init; }

    /// <summary>The id of the caller's tenant; <see langword="null"/> for the local user.</summary>
    public string? TenantId { get; private init; }

    /// <summary>The object id of the person or app, which never changes; <see langword="null"/> for the local user.</summary>
    public string? ObjectId { get; private init; }

    /// <summary>The display name of a person. It may change and is not unique.</summary>
    public string? Name { get; private init; }

    /// <summary>What a person signs in with, mostly an e-mail address. It may change.</summary>
    public string? Username { get; private init; }

    /// <summary>The id of the client app that sends the requests; <see langword="null"/> for the local user.</summary>
    public string? ClientId { get; private init; }

    /// <summary>The delegated scopes of the token, as <c>scp</c> lists them.</summary>
    public IReadOnlyList<string> Scopes { get; private init; } = [];

    /// <summary>The app roles of the token.</summary>
    public IReadOnlyList<string> Roles { get; private init; } = [];

    internal static CallerInfo From(ClaimsPrincipal? user)
    {
        var caller = Caller.From(user);
        return caller == Caller.Local ? Local : new()
        {
            Kind = new Grants(user!).IsAppOnly ? CallerKind.App : CallerKind.User,
            TenantId = Text(caller.Tenant),
            ObjectId = Text(caller.User),
            Name = Text(user!.FindFirst("name")?.Value),
            Username = Text(user.FindFirst("preferred_username")?.Value),
            ClientId = Text(caller.Client),
            Scopes = [.. user.FindAll("scp").SelectMany(static claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))],
            Roles = [.. user.FindAll("roles").Select(static claim => claim.Value)],
        };
    }

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
