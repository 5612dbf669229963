namespace RemoteMcp.Clients;

/// <summary>Provides the MCP clients that this program can configure.</summary>
internal static class ClientCatalog
{
    /// <summary>Gets all clients in display order.</summary>
    public static IReadOnlyList<McpClientApp> All { get; } =
        [new VsCode(), new ClaudeCode(), new ClaudeDesktop(), new Cursor(), new Inspector()];

    /// <summary>Returns the client with an <see cref="McpClientApp.Id"/>.</summary>
    /// <exception cref="InvalidOperationException">No client has this id.</exception>
    public static McpClientApp Find(string id) => All.Single(client => client.Id == id);
}
