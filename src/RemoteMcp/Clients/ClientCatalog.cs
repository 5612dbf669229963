namespace RemoteMcp.Clients;

/// <summary>The MCP clients that this program knows how to set up.</summary>
internal static class ClientCatalog
{
    /// <summary>All of them, in the order in which people are shown them.</summary>
    public static IReadOnlyList<McpClientApp> All { get; } =
        [new VsCode(), new ClaudeCode(), new ClaudeDesktop(), new Cursor(), new Inspector()];

    /// <summary>The client with this <see cref="McpClientApp.Id"/>.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static McpClientApp Find(string id) => All.Single(client => client.Id == id);
}
