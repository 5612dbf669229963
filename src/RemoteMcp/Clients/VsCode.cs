using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>
/// Represents Visual Studio Code. Its <c>mcp.json</c> has the servers under <c>servers</c> and requires a <c>type</c> in each entry
/// (https://code.visualstudio.com/docs/copilot/reference/mcp-configuration). Its install link contains the entry with its name as JSON
/// (https://code.visualstudio.com/docs/copilot/guides/mcp-developer-guide, "MCP URL handler").
/// </summary>
internal sealed class VsCode : McpClientApp
{
    /// <inheritdoc/>
    public override string Id => "vscode";

    /// <inheritdoc/>
    public override string DisplayName => "VS Code";

    /// <inheritdoc/>
    public override string Section => "servers";

    /// <summary>Gets the section of <c>settings.json</c> in which earlier versions kept the servers.</summary>
    public override IReadOnlyList<string[]> FurtherSections { get; } = [["mcp", "servers"]];

    /// <inheritdoc/>
    public override string NextStep(string path) =>
        "In VS Code, run \"MCP: List Servers\" from the Command Palette and start the server.";

    /// <inheritdoc/>
    public override JsonObject Configuration(ServerEntry entry) => TypedConfiguration(entry);

    /// <inheritdoc/>
    public override string? ConfigPath(ConfigScope scope, UserEnvironment environment) => scope == ConfigScope.Project
        ? Path.Combine(environment.WorkingDirectory, ".vscode", "mcp.json")
        : Path.Combine(environment.ApplicationData, "Code", "User", "mcp.json");

    /// <inheritdoc/>
    public override string? InstallLink(ServerEntry entry)
    {
        var configuration = Configuration(entry);
        configuration.Insert(0, "name", entry.Name);
        return $"vscode:mcp/install?{Uri.EscapeDataString(ClientJson.Compact(configuration))}";
    }
}
