using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>
/// Represents the MCP Inspector. It reads a server from its command line, from the file in the option <c>--config</c>, or from the catalog
/// in the home folder (https://github.com/modelcontextprotocol/inspector/blob/main/docs/mcp-server-configuration.md).
/// Observed with 2.12.0: the Inspector rejects comments, trailing commas, and a byte order mark.
/// </summary>
internal sealed class Inspector : McpClientApp
{
    private static readonly string[] s_inspector = ["npx", "@modelcontextprotocol/inspector"];

    /// <inheritdoc/>
    public override string Id => "inspector";

    /// <inheritdoc/>
    public override string DisplayName => "MCP Inspector";

    /// <inheritdoc/>
    public override bool ReadsComments => false;

    /// <inheritdoc/>
    public override string NextStep(string path) => $"Start it with: {Shell.Join([.. s_inspector, "--config", path])}";

    /// <inheritdoc/>
    public override JsonObject Configuration(ServerEntry entry) => TypedConfiguration(entry);

    /// <inheritdoc/>
    public override string? ConfigPath(ConfigScope scope, UserEnvironment environment) => scope == ConfigScope.Project
        ? Path.Combine(environment.WorkingDirectory, "mcp.json")
        : Path.Combine(environment.Home, ".mcp-inspector", "mcp.json");

    /// <inheritdoc/>
    public override string? CommandLine(ServerEntry entry) => entry switch
    {
        HttpServerEntry http => Shell.Join([.. s_inspector, "--transport", "http", "--server-url", http.Url.AbsoluteUri]),
        StdioServerEntry stdio => Shell.Join([.. s_inspector, "--", stdio.Command, .. stdio.Arguments]),
        _ => null,
    };
}
