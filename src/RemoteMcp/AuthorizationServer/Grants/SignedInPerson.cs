using System.Security.Claims;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.AuthorizationServer.Grants;

/// <summary>Describes a person, from the claims of the access token that Entra ID issued for this server.</summary>
/// <param name="Tenant">The id of the tenant.</param>
/// <param name="User">The object id.</param>
/// <param name="Subject">The subject. It is different for each app registration.</param>
/// <param name="Name">The display name. It can change.</param>
/// <param name="UserName">The user name. It can change.</param>
/// <param name="Scopes">The scopes that the person granted, without the identifier URI.</param>
/// <param name="Roles">The app roles of the person.</param>
internal sealed record SignedInPerson(
    string Tenant, string User, string Subject, string? Name, string? UserName, IReadOnlyList<string> Scopes, IReadOnlyList<string> Roles)
{
    /// <summary>Reads the claims of a validated token of a user.</summary>
    public static SignedInPerson From(ClaimsPrincipal user)
    {
        var caller = CallerInfo.From(user);
        return new SignedInPerson(
            caller.TenantId!, caller.ObjectId!, user.FindFirst("sub")!.Value, caller.Name, caller.Username, caller.Scopes, caller.Roles);
    }

    /// <summary>Gets the name to show: the user name, or the object id of a person without one.</summary>
    public string ShownName => UserName ?? User;
}
