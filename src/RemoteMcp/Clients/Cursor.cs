using System.Text;
using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>
/// Represents Cursor. It keeps servers in <c>.cursor/mcp.json</c> in a project or in the home folder, under <c>mcpServers</c>. It
/// recognizes a remote server by its <c>url</c> (https://cursor.com/docs/mcp). Its install link contains the entry as Base64
/// (https://cursor.com/docs/mcp/install-links).
/// </summary>
internal sealed class Cursor : McpClientApp
{
    /// <inheritdoc/>
    public override string Id => "cursor";

    /// <inheritdoc/>
    public override string DisplayName => "Cursor";

    /// <inheritdoc/>
    public override string NextStep(string path) => "In Cursor, open the settings for MCP tools and switch the server on.";

    /// <inheritdoc/>
    public override JsonObject Configuration(ServerEntry entry) => entry switch
    {
        HttpServerEntry http => new() { ["url"] = http.Url.AbsoluteUri },
        StdioServerEntry stdio => new() { ["command"] = stdio.Command, ["args"] = Arguments(stdio.Arguments) },
        _ => throw new ArgumentOutOfRangeException(nameof(entry)),
    };

    /// <inheritdoc/>
    public override string? ConfigPath(ConfigScope scope, UserEnvironment environment) => Path.Combine(
        scope == ConfigScope.Project ? environment.WorkingDirectory : environment.Home, ".cursor", "mcp.json");

    /// <inheritdoc/>
    public override string? InstallLink(ServerEntry entry)
    {
        var configuration = Convert.ToBase64String(Encoding.UTF8.GetBytes(ClientJson.Compact(Configuration(entry))));
        return $"cursor://anysphere.cursor-deeplink/mcp/install?name={Uri.EscapeDataString(entry.Name)}" +
            $"&config={Uri.EscapeDataString(configuration)}";
    }
}
