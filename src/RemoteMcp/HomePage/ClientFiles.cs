using RemoteMcp.Clients;

namespace RemoteMcp.HomePage;

/// <summary>A file of a client, on whatever machine its reader has.</summary>
/// <param name="Audience">For whom, and on which system.</param>
/// <param name="Path">The path, with slashes.</param>
internal sealed record ClientFile(string Audience, string Path);

/// <summary>Finds a client's files for people whose machine is not known.</summary>
internal static class ClientFiles
{
    private static readonly (string Name, UserEnvironment Environment)[] Systems =
    [
        ("Windows", On("%APPDATA%")),
        ("macOS", On("~/Library/Application Support")),
        ("Linux", On("~/.config")),
    ];

    /// <summary>The project's file first, if the client has one; then a person's own, once where it is the same on every system.</summary>
    public static IReadOnlyList<ClientFile> Of(McpClientApp client)
    {
        var files = new List<ClientFile>();
        if (PathOf(client, ConfigScope.Project, Systems[0].Environment) is { } project)
        {
            files.Add(new("For one project", project));
        }

        var own = Systems.Select(system => (system.Name, Path: PathOf(client, ConfigScope.User, system.Environment)))
            .Where(static file => file.Path is not null).GroupBy(static file => file.Path!).ToList();
        foreach (var file in own)
        {
            var systems = own.Count == 1 ? "" : $", on {string.Join(" and ", file.Select(static each => each.Name))}";
            files.Add(new($"For all your projects{systems}", file.Key));
        }

        return files;
    }

    private static UserEnvironment On(string applicationData) => new("", "~", applicationData, ClaudeConfigDirectory: null);

    // This server's separator is not the reader's; every system takes the slash.
    private static string? PathOf(McpClientApp client, ConfigScope scope, UserEnvironment environment) =>
        client.ConfigPath(scope, environment)?.Replace('\\', '/');
}
