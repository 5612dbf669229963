using RemoteMcp.Clients;
using Xunit;

namespace RemoteMcp.Tests.Clients;

public sealed class ClientPathTests
{
    private static readonly UserEnvironment s_linux = new("/code/project", "/home/ann", "/home/ann/.config", null);
    private static readonly UserEnvironment s_mac = new("/code/project", "/Users/ann", "/Users/ann/Library/Application Support", null);
    private static readonly UserEnvironment s_windows = new("C:/code/project", "C:/Users/ann", "C:/Users/ann/AppData/Roaming", null);

    [Theory]
    [InlineData("vscode", "/code/project/.vscode/mcp.json")]
    [InlineData("claude-code", "/code/project/.mcp.json")]
    [InlineData("claude-desktop", null)]
    [InlineData("cursor", "/code/project/.cursor/mcp.json")]
    [InlineData("inspector", "/code/project/mcp.json")]
    public void Project_file_is_in_the_project_folder(string client, string? path) =>
        Assert.Equal(path, Slashes(ClientCatalog.Find(client).ConfigPath(ConfigScope.Project, s_linux)));

    [Theory]
    [InlineData(
        "vscode",
        "/home/ann/.config/Code/User/mcp.json",
        "/Users/ann/Library/Application Support/Code/User/mcp.json",
        "C:/Users/ann/AppData/Roaming/Code/User/mcp.json")]
    [InlineData("claude-code", "/home/ann/.claude.json", "/Users/ann/.claude.json", "C:/Users/ann/.claude.json")]
    [InlineData(
        "claude-desktop",
        "/home/ann/.config/Claude/claude_desktop_config.json",
        "/Users/ann/Library/Application Support/Claude/claude_desktop_config.json",
        "C:/Users/ann/AppData/Roaming/Claude/claude_desktop_config.json")]
    [InlineData("cursor", "/home/ann/.cursor/mcp.json", "/Users/ann/.cursor/mcp.json", "C:/Users/ann/.cursor/mcp.json")]
    [InlineData(
        "inspector", "/home/ann/.mcp-inspector/mcp.json", "/Users/ann/.mcp-inspector/mcp.json", "C:/Users/ann/.mcp-inspector/mcp.json")]
    public void User_file_is_in_the_settings_folder_of_each_system(string client, string linux, string mac, string windows)
    {
        var app = ClientCatalog.Find(client);

        Assert.Equal(linux, Slashes(app.ConfigPath(ConfigScope.User, s_linux)));
        Assert.Equal(mac, Slashes(app.ConfigPath(ConfigScope.User, s_mac)));
        Assert.Equal(windows, Slashes(app.ConfigPath(ConfigScope.User, s_windows)));
    }

    [Fact]
    public void Claude_Codes_file_follows_CLAUDE_CONFIG_DIR() => Assert.Equal(
        "/cfg/.claude.json", Slashes(new ClaudeCode().ConfigPath(ConfigScope.User, s_linux with { ClaudeConfigDirectory = "/cfg" })));

    [Fact]
    public void Folders_of_this_machine_are_absolute_paths()
    {
        var environment = UserEnvironment.Current();

        Assert.All(
            [environment.WorkingDirectory, environment.Home, environment.ApplicationData],
            path => Assert.True(Path.IsPathFullyQualified(path)));
    }

    private static string? Slashes(string? path) => path?.Replace('\\', '/');
}
