using System.Text.Json.Nodes;

namespace RemoteMcp.Clients;

/// <summary>
/// Represents Claude Desktop. Its file contains only commands (https://modelcontextprotocol.io/docs/develop/connect-local-servers), and it
/// does not connect to URLs in that file
/// (https://support.claude.com/en/articles/11503834-building-custom-connectors-via-remote-mcp-servers). A user can add a remote server in
/// Settings, Connectors. The server must then be public, because Anthropic's cloud connects to it. The alternative is the local proxy
/// <c>mcp-remote</c> (https://www.npmjs.com/package/mcp-remote), which this class configures.
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

    // By default, mcp-remote accepts http only for these two hosts.
    private static string[] ProxyArguments(Uri url) => url.Scheme == Uri.UriSchemeHttps || url.Host is "localhost" or "127.0.0.1"
        ? [url.AbsoluteUri]
        : [url.AbsoluteUri, "--allow-http"];
}
