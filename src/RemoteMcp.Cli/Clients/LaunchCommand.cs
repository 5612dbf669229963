using RemoteMcp.Clients;

namespace RemoteMcp.Cli.Clients;

/// <summary>The command with which a client can start this program again.</summary>
/// <param name="Command">The absolute path of an executable.</param>
/// <param name="Arguments">What comes before this program's own arguments.</param>
internal sealed record LaunchCommand(string Command, IReadOnlyList<string> Arguments)
{
    private const string ProjectFile = "RemoteMcp.Cli.csproj";

    /// <summary>The entry of the stdio server for <paramref name="root"/>, an absolute path.</summary>
    public StdioServerEntry Stdio(string name, string root) => new(name, Command, [.. Arguments, "stdio", "--root", root]);

    /// <summary>How this process was started.</summary>
    public static LaunchCommand Current() => Of(
        Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known."),
        AppContext.BaseDirectory,
        DotnetHost(Path.GetDirectoryName(typeof(object).Assembly.Location)));

    /// <summary>
    /// The published or installed executable as it is; <c>dotnet run</c> where the program stands in its project's build
    /// output, so that a tool author's edits are in the next start; <c>dotnet exec</c> where the host was given the DLL.
    /// </summary>
    /// <param name="processPath">The executable of the process.</param>
    /// <param name="baseDirectory">The folder of the program.</param>
    /// <param name="dotnet">The .NET host, for what cannot start by itself.</param>
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

    // …/RemoteMcp.Cli/bin/Debug/net10.0[/rid]
    private static string? ProjectOfBuildOutput(string baseDirectory)
    {
        var directory = new DirectoryInfo(Path.TrimEndingDirectorySeparator(baseDirectory));
        while (directory is not null && directory.Name != "bin")
        {
            directory = directory.Parent;
        }

        return directory?.Parent is { } project && File.Exists(Path.Combine(project.FullName, ProjectFile)) ? project.FullName : null;
    }

    // …/dotnet/shared/Microsoft.NETCore.App/10.0.0 is where the runtime of a program that is not self-contained stands.
    private static string DotnetHost(string? runtimeDirectory)
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var host = runtimeDirectory is null ? null : Path.GetFullPath(Path.Combine(runtimeDirectory, "..", "..", "..", name));
        return File.Exists(host) ? host : name;
    }
}
