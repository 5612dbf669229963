namespace RemoteMcp.Clients;

/// <summary>Represents the folders in which clients look for their files on this machine.</summary>
/// <param name="WorkingDirectory">The folder of the project.</param>
/// <param name="Home">The home folder.</param>
/// <param name="ApplicationData">
/// The folder in which applications keep a user's settings: <c>%APPDATA%</c> on Windows, <c>~/Library/Application Support</c> on macOS, and
/// <c>$XDG_CONFIG_HOME</c> or <c>~/.config</c> on other systems.
/// </param>
/// <param name="ClaudeConfigDirectory">The value of <c>CLAUDE_CONFIG_DIR</c>, the folder of Claude Code's files, if it is set.</param>
internal sealed record UserEnvironment(string WorkingDirectory, string Home, string ApplicationData, string? ClaudeConfigDirectory)
{
    /// <summary>Returns the folders of the current machine, user, and working directory.</summary>
    public static UserEnvironment Current() => new(
        Environment.CurrentDirectory,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        Environment.GetEnvironmentVariable("CLAUDE_CONFIG_DIR") is { Length: > 0 } directory ? directory : null);
}
