using System.Diagnostics.CodeAnalysis;

namespace RemoteMcp.Tools.Advice;

/// <summary>A common kind of tool, with its usual needs.</summary>
/// <param name="Id">The name on the command line and in arguments.</param>
/// <param name="Title">The display name.</param>
/// <param name="Needs">The usual needs.</param>
/// <param name="Note">Additional information about the use case.</param>
/// <param name="Aliases">Alternative names.</param>
internal sealed record UseCase(string Id, string Title, IReadOnlyList<DeploymentNeed> Needs, string Note, params string[] Aliases);

/// <summary>
/// The table of use cases. The table does not contain the deployments, because <see cref="Advisor"/> derives them from the needs.
/// </summary>
internal static class UseCaseTable
{
    /// <summary>Gets all use cases, in display order.</summary>
    public static IReadOnlyList<UseCase> All { get; } =
    [
        new("filesystem", "Files of the user's machine", [DeploymentNeed.LocalFiles],
            "Files that belong to the team are better off in shared storage, behind a remote server.", "files"),
        new("local-git", "Git working copies", [DeploymentNeed.LocalFiles],
            "Commits and branches are local; issues and pull requests are the host's API (github).", "git"),
        new("local-database", "A database on the user's machine", [DeploymentNeed.LocalServices],
            "Development databases and SQLite files. The production database is a cloud database.", "sqlite"),
        new("cloud-database", "A database in the cloud", [DeploymentNeed.CloudApi, DeploymentNeed.Secrets, DeploymentNeed.SeveralUsers],
            "A remote server reaches it over the private network with its managed identity: no connection string on any laptop.", "database"),
        new("github", "GitHub or GitLab", [DeploymentNeed.CloudApi, DeploymentNeed.SeveralUsers],
            "Both hosts run MCP servers of their own: look there before you write one.", "gitlab"),
        new("slack", "Slack or Teams", [DeploymentNeed.CloudApi, DeploymentNeed.Secrets, DeploymentNeed.SeveralUsers],
            "A bot's token belongs to the server; what a person may read is asked on that person's behalf.", "teams"),
        new("cloud-management", "Cloud resources and their logs", [DeploymentNeed.CloudApi, DeploymentNeed.Secrets, DeploymentNeed.Audit],
            "Reader roles by managed identity; changes on behalf of the caller, and recorded.", "azure", "aws"),
        new("browser-automation", "The user's browser", [DeploymentNeed.Browser],
            "Tests of a website that need no sign-in of a person can run in a remote sandbox.", "playwright"),
        new("code-sandbox", "Running code that a model wrote", [DeploymentNeed.Sandbox],
            "The MCP server is the door; a container or micro-VM for each session is the room.", "sandbox"),
        new("company-apis", "The company's own APIs", [DeploymentNeed.Secrets, DeploymentNeed.Audit, DeploymentNeed.SeveralUsers],
            "The server stands in the private network, signs people in, and calls the APIs on their behalf.", "internal-api"),
        new("calendar", "Calendar and e-mail", [DeploymentNeed.CloudApi],
            "On behalf of the person who asks, with the smallest scopes; sending is worth a confirmation.", "email", "e-mail", "mail"),
        new("data-warehouse", "The data warehouse",
            [DeploymentNeed.CloudApi, DeploymentNeed.Secrets, DeploymentNeed.Audit, DeploymentNeed.SeveralUsers],
            "Bound rows, time and cost of a query on the server; permissions are the warehouse's own.", "warehouse"),
    ];

    /// <summary>Finds a use case by its id or an alias. Letter case is ignored.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out UseCase? useCase)
    {
        useCase = All.FirstOrDefault(each => ((string[])[each.Id, .. each.Aliases]).Contains(name, StringComparer.OrdinalIgnoreCase));
        return useCase is not null;
    }
}
