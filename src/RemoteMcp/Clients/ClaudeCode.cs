using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>
/// Claude Code. A project's servers are in <c>.mcp.json</c> at its root, a person's in <c>~/.claude.json</c>, both under
/// <c>mcpServers</c> with a <c>type</c> in each entry; <c>claude mcp add</c> writes them
/// (https://code.claude.com/docs/en/mcp). Observed with 2.1.197: an entry with a <c>url</c> and no <c>type</c> is
/// ignored, and so is a whole file with comments or trailing commas.
/// </summary>
internal sealed class ClaudeCode : McpClientApp
{
    /// <inheritdoc/>
    public override string Id => "claude-code";

    /// <inheritdoc/>
    public override string DisplayName => "Claude Code";

    /// <inheritdoc/>
    public override bool ReadsComments => false;

    /// <summary>In <c>~/.claude.json</c>, the servers of one person in one project: where <c>claude mcp add</c> puts them by default.</summary>
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
