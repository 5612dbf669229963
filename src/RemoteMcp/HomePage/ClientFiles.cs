using RemoteMcp.Clients;

namespace RemoteMcp.HomePage;

/// <summary>Represents a configuration file of a client on the reader's machine.</summary>
/// <param name="Audience">The scope and the operating system of the file.</param>
/// <param name="Path">The path, with forward slashes.</param>
internal sealed record ClientFile(string Audience, string Path);

/// <summary>Finds the configuration files of a client for readers on unknown operating systems.</summary>
internal static class ClientFiles
{
    private static readonly (string Name, UserEnvironment Environment)[] s_systems =
    [
        ("Windows", On("%APPDATA%")),
        ("macOS", On("~/Library/Application Support")),
        ("Linux", On("~/.config")),
    ];

    /// <summary>
    /// Returns the project file first, if the client has one, and then the user file of each operating system. Systems with the same path
    /// share one entry.
    /// </summary>
    public static IReadOnlyList<ClientFile> Of(McpClientApp client)
    {
        var files = new List<ClientFile>();
        if (PathOf(client, ConfigScope.Project, s_systems[0].Environment) is { } project)
        {
            files.Add(new("For one project", project));
        }

        var own = s_systems.Select(system => (system.Name, Path: PathOf(client, ConfigScope.User, system.Environment)))
            .Where(static file => file.Path is not null).GroupBy(static file => file.Path!).ToList();
        foreach (var file in own)
        {
            var systems = own.Count == 1 ? "" : $", on {string.Join(" and ", file.Select(static each => each.Name))}";
            files.Add(new($"For all your projects{systems}", file.Key));
        }

        return files;
    }

    private static UserEnvironment On(string applicationData) => new("", "~", applicationData, ClaudeConfigDirectory: null);

    // The separator of this server can differ from the reader's. All systems accept the forward slash.
    private static string? PathOf(McpClientApp client, ConfigScope scope, UserEnvironment environment) =>
        client.ConfigPath(scope, environment)?.Replace('\\', '/');
}
