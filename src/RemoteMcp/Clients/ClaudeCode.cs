using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>
/// Represents Claude Code. It keeps the servers of a project in <c>.mcp.json</c> in the root of the project and the servers of a user in
/// <c>~/.claude.json</c>. Both files have the servers under <c>mcpServers</c>, with a <c>type</c> in each entry.
/// <c>claude mcp add</c> writes them (https://code.claude.com/docs/en/mcp). Observed with 2.1.197: Claude Code ignores an entry with a
/// <c>url</c> and without a <c>type</c>, and it ignores a whole file that has comments or trailing commas.
/// </summary>
internal sealed class ClaudeCode : McpClientApp
{
    /// <inheritdoc/>
    public override string Id => "claude-code";

    /// <inheritdoc/>
    public override string DisplayName => "Claude Code";

    /// <inheritdoc/>
    public override bool ReadsComments => false;

    /// <summary>
    /// Gets the section of <c>~/.claude.json</c> with the servers of one user in one project. <c>claude mcp add</c> writes there by
    /// default.
    /// </summary>
    public override IReadOnlyList<string[]> FurtherSections { get; } = [["projects", "*", "mcpServers"]];

    /// <inheritdoc/>
    public override string NextStep(string path) => "Start claude, approve the server if it asks, and check it with /mcp.";

    /// <inheritdoc/>
    public override JsonObject Configuration(ServerEntry entry) => TypedConfiguration(entry);

    /// <inheritdoc/>
    public override string? ConfigPath(ConfigScope scope, UserEnvironment environment) => scope == ConfigScope.Project
        ? Path.Combine(environment.WorkingDirectory, ".mcp.json")
        : Path.Combine(environment.ClaudeConfigDirectory ?? environment.Home, ".claude.json");

    /// <inheritdoc/>
    public override string? CommandLine(ServerEntry entry) => entry switch
    {
        HttpServerEntry http => Shell.Join(["claude", "mcp", "add", "--transport", "http", entry.Name, http.Url.AbsoluteUri]),
        StdioServerEntry stdio => Shell.Join(
            ["claude", "mcp", "add", "--transport", "stdio", entry.Name, "--", stdio.Command, .. stdio.Arguments]),
        _ => null,
    };
}
