using System.ComponentModel;
using System.Text;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authentication;

namespace RemoteMcp.Tools.Account;

/// <summary>The structured result of the <c>whoami</c> tool.</summary>
internal sealed record WhoAmIResult(
    [property: Description("The kind of caller: local (the user of the machine that runs the server, without a sign-in), user (a person "
        + "who signed in with Microsoft Entra ID), or app (an app that signed in without a user).")]
    string Kind,
    [property: Description("The delegated scopes that the client was granted.")] IReadOnlyList<string> Scopes,
    [property: Description("The app roles that are assigned to the caller.")] IReadOnlyList<string> Roles)
{
    /// <summary>Gets the display name.</summary>
    [Description("The display name of the person.")]
    public string? Name { get; init; }

    /// <summary>Gets the sign-in name.</summary>
    [Description("The sign-in name of the person, usually an e-mail address.")]
    public string? Username { get; init; }

    /// <summary>Gets the object id.</summary>
    [Description("The object id of the person or app in Microsoft Entra ID.")]
    public string? ObjectId { get; init; }

    /// <summary>Gets the id of the tenant.</summary>
    [Description("The id of the organization's tenant.")]
    public string? TenantId { get; init; }

    /// <summary>Gets the id of the client app.</summary>
    [Description("The id of the client app that sends the requests.")]
    public string? ClientId { get; init; }
}

/// <summary>Provides the <c>whoami</c> tool, which returns the identity that the server sees for the caller.</summary>
[McpServerToolType]
internal sealed class WhoAmITool
{
    /// <summary>Returns the identity of the caller.</summary>
    [McpServerTool(Name = "whoami", Title = "Who am I", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(WhoAmIResult))]
    [Description("Returns the identity of the caller: the person or app, the tenant, the client app, and the caller's scopes and roles on "
        + "this server. Calls no other service.")]
    public static CallToolResult WhoAmI(CallerInfo caller) => ToolResult.Of(
        new WhoAmIResult(caller.Kind.ToString().ToLowerInvariant(), caller.Scopes, caller.Roles)
        {
            Name = caller.Name,
            Username = caller.Username,
            ObjectId = caller.ObjectId,
            TenantId = caller.TenantId,
            ClientId = caller.ClientId,
        },
        Render(caller));

    private static string Render(CallerInfo caller)
    {
        if (caller.Kind == CallerKind.Local)
        {
            return "The local user. This server runs on the user's own machine, and nobody signs in.";
        }

        var text = new StringBuilder(caller.Kind == CallerKind.App
            ? $"The app {caller.ClientId}, signed in as itself, without a user (object id {caller.ObjectId})"
            : $"{caller.Name ?? "A person"} ({caller.Username ?? "no username"}, object id {caller.ObjectId}), "
                + $"signed in with Microsoft Entra ID through the client app {caller.ClientId}");
        text.Append(", in the tenant ").Append(caller.TenantId).Append(".\n");
        text.Append("Scopes: ").Append(caller.Scopes.Count == 0 ? "none" : string.Join(", ", caller.Scopes)).Append(".\n");
        return text.Append("Roles: ").Append(caller.Roles.Count == 0 ? "none" : string.Join(", ", caller.Roles)).Append('.').ToString();
    }
}
