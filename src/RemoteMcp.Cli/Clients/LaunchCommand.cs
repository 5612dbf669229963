using RemoteMcp.Clients;

namespace RemoteMcp.Cli.Clients;

/// <summary>Represents the command that a client uses to start this program.</summary>
/// <param name="Command">The absolute path of an executable.</param>
/// <param name="Arguments">The arguments before this program's own arguments.</param>
internal sealed record LaunchCommand(string Command, IReadOnlyList<string> Arguments)
{
    private const string ProjectFile = "RemoteMcp.Cli.csproj";

    /// <summary>Returns the entry of the stdio server for <paramref name="root"/>, which is an absolute path.</summary>
    public StdioServerEntry Stdio(string name, string root) => new(name, Command, [.. Arguments, "stdio", "--root", root]);

    /// <summary>Returns the command that started this process.</summary>
    public static LaunchCommand Current() => Of(
        Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown."),
        AppContext.BaseDirectory,
        DotnetHost(Path.GetDirectoryName(typeof(object).Assembly.Location)));

    /// <summary>
    /// Returns the command for a process. A published or installed executable is used directly. If the program is in the build output of
    /// its project, the command is <c>dotnet run</c>, so that the next start includes a tool author's edits. If the .NET host started the
    /// DLL, the command is <c>dotnet exec</c>.
    /// </summary>
    /// <param name="processPath">The path of the process's executable.</param>
    /// <param name="baseDirectory">The folder that contains the program.</param>
    /// <param name="dotnet">The path of the .NET host, for programs that cannot start without it.</param>
    public static LaunchCommand Of(string processPath, string baseDirectory, string dotnet)
    {
        if (ProjectOfBuildOutput(baseDirectory) is { } project)
        {
            return new LaunchCommand(dotnet, ["run", "--project", project, "--"]);
        }

        return IsDotnet(processPath)
            ? new LaunchCommand(processPath, ["exec", Path.Combine(baseDirectory, "remote-mcp.dll")])
            : new LaunchCommand(processPath, []);
    }

    private static bool IsDotnet(string path) =>
        Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase);

    // The build output is in …/RemoteMcp.Cli/bin/Debug/net10.0[/rid].
    private static string? ProjectOfBuildOutput(string baseDirectory)
    {
        var directory = new DirectoryInfo(Path.TrimEndingDirectorySeparator(baseDirectory));
        while (directory is not null && directory.Name != "bin")
        {
            directory = directory.Parent;
        }

        return directory?.Parent is { } project && File.Exists(Path.Combine(project.FullName, ProjectFile)) ? project.FullName : null;
    }

    // The runtime of a framework-dependent program is in …/dotnet/shared/Microsoft.NETCore.App/10.0.0.
    private static string DotnetHost(string? runtimeDirectory)
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var host = runtimeDirectory is null ? null : Path.GetFullPath(Path.Combine(runtimeDirectory, "..", "..", "..", name));
        return File.Exists(host) ? host : name;
    }
}
