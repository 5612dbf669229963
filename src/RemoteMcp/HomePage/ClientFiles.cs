using RemoteMcp.Clients;

namespace RemoteMcp.HomePage;

/// <summary>Represents a configuration file of a client on the machine of a person who reads the page.</summary>
/// <param name="AppliesTo">The projects and the operating systems to which the file applies, as text for the page.</param>
/// <param name="Path">The path, with forward slashes.</param>
internal sealed record ClientFile(string AppliesTo, string Path);

/// <summary>
/// Lists the configuration files of a client. The server does not know the operating system of the person who reads the page, so it lists
/// the files of all systems.
/// </summary>
internal static class ClientFiles
{
    private static readonly (string Name, UserEnvironment Environment)[] s_operatingSystems =
    [
        ("Windows", CreateEnvironment("%APPDATA%")),
        ("macOS", CreateEnvironment("~/Library/Application Support")),
        ("Linux", CreateEnvironment("~/.config")),
    ];

    /// <summary>
    /// Returns the project file first, if the client has one, and then the user file of each operating system. Systems with the same path
    /// share one entry.
    /// </summary>
    public static IReadOnlyList<ClientFile> Of(McpClientApp client)
    {
        var files = new List<ClientFile>();
        if (PathOf(client, ConfigScope.Project, s_operatingSystems[0].Environment) is { } project)
        {
            files.Add(new("For one project", project));
        }

        var userFiles = s_operatingSystems.Select(system => (system.Name, Path: PathOf(client, ConfigScope.User, system.Environment)))
            .Where(static file => file.Path is not null).GroupBy(static file => file.Path!).ToList();
        foreach (var file in userFiles)
        {
            var systems = userFiles.Count == 1 ? "" : $", on {string.Join(" and ", file.Select(static system => system.Name))}";
            files.Add(new($"For all your projects{systems}", file.Key));
        }

        return files;
    }

    private static UserEnvironment CreateEnvironment(string applicationData) => new("", "~", applicationData, ClaudeConfigDirectory: null);

    // The server and the reader's machine can have different path separators. All systems accept the forward slash.
    private static string? PathOf(McpClientApp client, ConfigScope scope, UserEnvironment environment) =>
        client.ConfigPath(scope, environment)?.Replace('\\', '/');
}
