namespace RemoteMcp.Clients;

/// <summary>Where clients look for their files on this machine.</summary>
/// <param name="WorkingDirectory">The project's folder.</param>
/// <param name="Home">The home folder.</param>
/// <param name="ApplicationData">
/// Where applications keep a person's settings: <c>%APPDATA%</c> on Windows, <c>~/Library/Application Support</c> on
/// macOS, <c>$XDG_CONFIG_HOME</c> or <c>~/.config</c> elsewhere.
/// </param>
/// <param name="ClaudeConfigDirectory"><c>CLAUDE_CONFIG_DIR</c>, if set: where Claude Code keeps its files.</param>
internal sealed record UserEnvironment(string WorkingDirectory, string Home, string ApplicationData, string? ClaudeConfigDirectory)
{
    /// <summary>This machine, this person, this folder.</summary>
    public static UserEnvironment Current() => new(
        Environment.CurrentDirectory,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        Environment.GetEnvironmentVariable("CLAUDE_CONFIG_DIR") is { Length: > 0 } directory ? directory : null);
}
