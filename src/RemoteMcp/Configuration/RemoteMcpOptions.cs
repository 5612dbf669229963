namespace RemoteMcp.Configuration;

/// <summary>Options for the name, the instructions, and the public URL of the server. Section <c>RemoteMcp</c>.</summary>
public sealed class RemoteMcpOptions
{
    /// <summary>The configuration section that contains all settings of the server.</summary>
    public const string Section = "RemoteMcp";

    /// <summary>The path of the MCP endpoint, relative to the public URL.</summary>
    public const string McpPath = "/mcp";

    /// <summary>Gets or sets the name that clients show for this server; 1 to 64 characters.</summary>
    public string Name { get; set; } = "remote-mcp";

    /// <summary>
    /// Gets or sets the instructions that the server sends to a client's model when the client connects; at most 4,000 characters.
    /// </summary>
    public string? Instructions { get; set; }

    /// <summary>
    /// Gets or sets the absolute URL at which clients reach the server, without <c>/mcp</c>. It consists of the origin and,
    /// behind a gateway, the path before <c>/mcp</c>. On Azure Functions, the default is the host name of the app. It is empty for a local
    /// server.
    /// </summary>
    public string? PublicUrl { get; set; }
}
