namespace RemoteMcp.Configuration;

/// <summary>What the server is called and where clients find it. Section <c>RemoteMcp</c>.</summary>
public sealed class RemoteMcpOptions
{
    /// <summary>The configuration section that all settings of the server live under.</summary>
    public const string Section = "RemoteMcp";

    /// <summary>The path of the MCP endpoint below the public URL.</summary>
    public const string McpPath = "/mcp";

    /// <summary>The name that clients show for this server; 1 to 64 characters.</summary>
    public string Name { get; set; } = "remote-mcp";

    /// <summary>What the server tells a client's model about itself at connection; at most 4,000 characters.</summary>
    public string? Instructions { get; set; }

    /// <summary>
    /// The absolute URL that clients reach the server by, without <see cref="McpPath"/>: its origin and, behind a gateway, the
    /// path before <c>/mcp</c>. On Azure Functions it defaults to the app's own host name. Empty for a local server.
    /// </summary>
    public string? PublicUrl { get; set; }
}
