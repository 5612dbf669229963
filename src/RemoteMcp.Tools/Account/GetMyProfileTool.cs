using System.ComponentModel;
using System.Text;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.OnBehalfOf;

namespace RemoteMcp.Tools.Account;

/// <summary>The structured result of the <c>get_my_profile</c> tool.</summary>
internal sealed record MyProfileResult(
    [property: Description("The object id in Microsoft Entra ID.")] string Id,
    [property: Description("The sign-in name.")] string UserPrincipalName)
{
    /// <summary>Gets the display name.</summary>
    [Description("The display name.")]
    public string? DisplayName { get; init; }

    /// <summary>Gets the email address.</summary>
    [Description("The e-mail address.")]
    public string? Mail { get; init; }

    /// <summary>Gets the job title.</summary>
    [Description("The job title.")]
    public string? JobTitle { get; init; }

    /// <summary>Gets the department.</summary>
    [Description("The department.")]
    public string? Department { get; init; }

    /// <summary>Gets the office.</summary>
    [Description("The office.")]
    public string? OfficeLocation { get; init; }

    /// <summary>Gets the preferred language.</summary>
    [Description("The preferred language, e.g. en-US.")]
    public string? PreferredLanguage { get; init; }
}

/// <summary>Provides the <c>get_my_profile</c> tool, which reads the caller's own profile.</summary>
[McpServerToolType]
internal sealed class GetMyProfileTool(GraphClient graph)
{
    /// <summary>Reads the profile.</summary>
    [McpServerTool(
        Name = "get_my_profile", Title = "Get my profile", ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(MyProfileResult))]
    [Description("Reads the user's own profile from the organization's directory (Microsoft Graph) on behalf of the user: name, "
        + "e-mail address, job title, department, office.")]
    public async Task<CallToolResult> GetAsync(CloudIdentity cloud, CancellationToken cancellationToken)
    {
        var profile = await graph.GetMeAsync(cloud.Caller, cancellationToken);
        return ToolResult.Of(profile, Render(profile));
    }

    private static string Render(MyProfileResult profile)
    {
        var text = new StringBuilder()
            .Append(profile.DisplayName ?? profile.UserPrincipalName)
            .Append(" (").Append(profile.UserPrincipalName).Append(')');
        foreach ((var name, var value) in new[]
        {
            ("E-mail", profile.Mail),
            ("Job title", profile.JobTitle),
            ("Department", profile.Department),
            ("Office", profile.OfficeLocation),
            ("Language", profile.PreferredLanguage),
        })
        {
            if (!string.IsNullOrEmpty(value))
            {
                text.Append('\n').Append(name).Append(": ").Append(value);
            }
        }

        return text.ToString();
    }
}
