using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>
/// Claude Desktop. Its file holds commands only (https://modelcontextprotocol.io/docs/develop/connect-local-servers),
/// and it does not connect to URLs written there
/// (https://support.claude.com/en/articles/11503834-building-custom-connectors-via-remote-mcp-servers): a remote server
/// is added in Settings, Connectors, where Anthropic's cloud connects to it and it must be public, or goes through the
/// local proxy <c>mcp-remote</c> (https://www.npmjs.com/package/mcp-remote), as here.
/// </summary>
internal sealed class ClaudeDesktop : McpClientApp
{
    /// <inheritdoc/>
    public override string Id => "claude-desktop";

    /// <inheritdoc/>
    public override string DisplayName => "Claude Desktop";

    /// <inheritdoc/>
    public override bool ReadsComments => false;

    /// <inheritdoc/>
    public override string NextStep(string path) =>
        "Quit Claude Desktop and start it again. A server on the public internet can also be added in Settings > Connectors.";

    /// <inheritdoc/>
    public override JsonObject Configuration(ServerEntry entry) => entry switch
    {
        HttpServerEntry http => new() { ["command"] = "npx", ["args"] = Arguments(["-y", "mcp-remote", .. ProxyArguments(http.Url)]) },
        StdioServerEntry stdio => new() { ["command"] = stdio.Command, ["args"] = Arguments(stdio.Arguments) },
        _ => throw new ArgumentOutOfRangeException(nameof(entry)),
    };

    /// <inheritdoc/>
    public override string? ConfigPath(ConfigScope scope, UserEnvironment environment) => scope == ConfigScope.User
        ? Path.Combine(environment.ApplicationData, "Claude", "claude_desktop_config.json")
        : null;

    // mcp-remote takes http only for these two hosts unless it is told otherwise.
    private static string[] ProxyArguments(Uri url) => url.Scheme == Uri.UriSchemeHttps || url.Host is "localhost" or "127.0.0.1"
        ? [url.AbsoluteUri]
        : [url.AbsoluteUri, "--allow-http"];
}
