using System.Text.RegularExpressions;
using RemoteMcp.Tools.Advice;

namespace RemoteMcp.Cli.Migration;

/// <summary>Represents a program that is recognized by its name.</summary>
/// <param name="UseCase">The use case of the program, or null if none matches.</param>
/// <param name="Needs">The additional needs of the program.</param>
/// <param name="HostedUrl">The URL of the remote server that the vendor hosts, or null if there is none.</param>
internal sealed record KnownProgram(string? UseCase, IReadOnlyList<DeploymentNeed> Needs, string? HostedUrl = null);

/// <summary>Recognizes common MCP servers by the words in their names. Forks and wrappers are therefore recognized too.</summary>
internal static partial class KnownPrograms
{
    private static readonly KnownProgram s_noNeeds = new(null, []);
    private static readonly KnownProgram s_cloudService = new(null, [DeploymentNeed.CloudApi, DeploymentNeed.SeveralUsers]);
    private static readonly KnownProgram s_localProgram = new(null, [DeploymentNeed.LocalServices]);
    private static readonly KnownProgram s_localFiles = new(null, [DeploymentNeed.LocalFiles]);

    // The first match applies. Products are listed before vendors, so that a cloud vendor's data warehouse is recognized as a data
    // warehouse.
    private static readonly (KnownProgram Program, string[] Words)[] s_table =
    [
        (new("data-warehouse", []), ["bigquery", "snowflake", "databricks", "redshift", "clickhouse"]),
        (new("github", [], "https://api.githubcopilot.com/mcp/"), ["github"]),
        (new("github", []), ["gitlab", "bitbucket"]),
        (new("filesystem", []), ["filesystem", "files", "fs", "commander", "obsidian"]),
        (new("browser-automation", []), ["playwright", "puppeteer", "browser", "browsermcp", "chrome", "selenium"]),
        (new("code-sandbox", []), ["sandbox", "e2b", "pyodide", "interpreter"]),
        (new("local-database", [DeploymentNeed.LocalFiles]), ["sqlite", "duckdb"]),
        (new("cloud-database", []), ["postgres", "postgresql", "mysql", "mariadb", "mssql", "mongodb", "mongo", "redis",
            "neo4j", "supabase", "neon", "cosmosdb"]),
        (new("slack", []), ["slack", "teams", "discord"]),
        (new("calendar", []), ["calendar", "gmail", "outlook", "email", "imap", "ms365", "gsuite"]),
        (new("local-git", []), ["git"]),
        (s_cloudService with { HostedUrl = "https://mcp.notion.com/mcp" }, ["notion"]),
        (s_cloudService with { HostedUrl = "https://mcp.sentry.dev/mcp" }, ["sentry"]),
        (s_cloudService with { HostedUrl = "https://mcp.linear.app/mcp" }, ["linear"]),
        (s_cloudService with { HostedUrl = "https://mcp.stripe.com" }, ["stripe"]),
        (s_cloudService, ["jira", "confluence", "atlassian", "asana", "hubspot", "salesforce", "zendesk", "pagerduty", "datadog",
            "grafana", "brave", "tavily", "exa", "perplexity", "firecrawl", "maps"]),
        (new("cloud-management", []), ["azure", "aws", "awslabs", "gcloud", "gcp", "kubernetes", "k8s", "terraform", "cloudflare"]),
        (new(null, [DeploymentNeed.CloudApi]), ["fetch"]),
        (s_localFiles, ["memory"]),
        (s_localProgram, ["docker", "android", "xcode", "blender", "unity", "jetbrains", "ios"]),
        (s_noNeeds, ["time", "sequential", "thinking", "everything"]),
    ];

    /// <summary>Returns the known program that matches <paramref name="program"/>, or null if there is none.</summary>
    public static KnownProgram? Find(string program)
    {
        var words = WordBreak().Split(program.ToLowerInvariant());
        return s_table.FirstOrDefault(row => row.Words.Any(words.Contains)).Program;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex WordBreak();
}
