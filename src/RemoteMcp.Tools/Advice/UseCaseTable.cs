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
        new("filesystem", "Files on the user's machine", [DeploymentNeed.LocalFiles],
            "Put files that belong to the team in shared storage, behind a remote server.", "files"),
        new("local-git", "Git working copies", [DeploymentNeed.LocalFiles],
            "Commits and branches are local. Issues and pull requests need the host's API (github).", "git"),
        new("local-database", "A database on the user's machine", [DeploymentNeed.LocalServices],
            "For development databases and SQLite files. A production database is a cloud database.", "sqlite"),
        new("cloud-database", "A database in the cloud", [DeploymentNeed.CloudApi, DeploymentNeed.Secrets, DeploymentNeed.SeveralUsers],
            "A remote server connects over the private network with its managed identity. No laptop needs a "
                + "connection string.", "database"),
        new("github", "GitHub or GitLab", [DeploymentNeed.CloudApi, DeploymentNeed.SeveralUsers],
            "Both hosts offer MCP servers. Check these before you write your own.", "gitlab"),
        new("slack", "Slack or Teams", [DeploymentNeed.CloudApi, DeploymentNeed.Secrets, DeploymentNeed.SeveralUsers],
            "Only the server has the bot's token. Read messages on behalf of each person, so that people see only what "
                + "they may read.", "teams"),
        new("cloud-management", "Cloud resources and their logs", [DeploymentNeed.CloudApi, DeploymentNeed.Secrets, DeploymentNeed.Audit],
            "Read with the reader roles of a managed identity. Make changes on behalf of the caller, and record them.", "azure", "aws"),
        new("browser-automation", "The user's browser", [DeploymentNeed.Browser],
            "Website tests that do not need a person's sign-in can run in a remote sandbox.", "playwright"),
        new("code-sandbox", "Running code that a model wrote", [DeploymentNeed.Sandbox],
            "The MCP server only accepts the code. A container or micro-VM for each session runs it.", "sandbox"),
        new("company-apis", "The company's own APIs", [DeploymentNeed.Secrets, DeploymentNeed.Audit, DeploymentNeed.SeveralUsers],
            "The server runs in the private network, signs people in, and calls the APIs on their behalf.", "internal-api"),
        new("calendar", "Calendar and e-mail", [DeploymentNeed.CloudApi],
            "Act on behalf of the caller, with the smallest scopes. Ask for confirmation before you "
                + "send something.", "email", "e-mail", "mail"),
        new("data-warehouse", "The data warehouse",
            [DeploymentNeed.CloudApi, DeploymentNeed.Secrets, DeploymentNeed.Audit, DeploymentNeed.SeveralUsers],
            "Limit the rows, time, and cost of each query on the server. The warehouse itself checks permissions.", "warehouse"),
    ];

    /// <summary>Finds a use case by its id or an alias. Letter case is ignored.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out UseCase? useCase)
    {
        useCase = All.FirstOrDefault(each => ((string[])[each.Id, .. each.Aliases]).Contains(name, StringComparer.OrdinalIgnoreCase));
        return useCase is not null;
    }
}
