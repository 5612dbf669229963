using RemoteMcp.Clients;

namespace RemoteMcp.Cli.Migration;

/// <summary>Finds the configuration files of clients on this machine, and determines the client of a file.</summary>
internal static class ClientFiles
{
    /// <summary>Returns the existing files of the given client and scope. Null selects all clients or all scopes.</summary>
    public static IEnumerable<(McpClientApp Client, string Path)> Find(
        UserEnvironment environment, McpClientApp? client, ConfigScope? scope)
    {
        var found =
            from each in client is null ? ClientCatalog.All : [client]
            from place in scope is { } one ? [one] : Enum.GetValues<ConfigScope>()
            let path = each.ConfigPath(place, environment)
            where path is not null && Path.Exists(path)
            select (each, path);
        // In the home folder, where a terminal usually starts, a client's project file and user file are the same.
        return found.DistinctBy(static file => file.path);
    }

    /// <summary>Returns the client that uses files of this name, or null if there is none.</summary>
    public static McpClientApp? Owner(string path)
    {
        var id = (Path.GetFileName(Path.GetDirectoryName(path)), Path.GetFileName(path)) switch
        {
            (_, "claude_desktop_config.json") => "claude-desktop",
            (_, ".mcp.json" or ".claude.json") => "claude-code",
            (".cursor", "mcp.json") => "cursor",
            (".vscode" or "User", "mcp.json" or "settings.json") => "vscode",
            (".mcp-inspector", "mcp.json") => "inspector",
            _ => null,
        };
        return id is null ? null : ClientCatalog.Find(id);
    }
}
