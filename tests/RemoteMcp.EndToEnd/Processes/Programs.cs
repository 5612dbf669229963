using System.Diagnostics;
using System.Reflection;

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>What the tests start: our own programs, built beside the tests, and those of tests/clients.</summary>
internal static class Programs
{
    /// <summary>The folder tests/clients, with what npm installed there.</summary>
    public static string ClientsFolder { get; } = Metadata("ClientsFolder");

    /// <summary>The repository's root.</summary>
    public static string RepositoryFolder { get; } = Metadata("RepositoryFolder");

    /// <summary>The Node that is installed there.</summary>
    public static string NodeProgram { get; } =
        Path.Combine(ClientsFolder, "node_modules", "node", "bin", OperatingSystem.IsWindows() ? "node.exe" : "node");

    public static string RemoteMcp { get; } = Path.Combine(AppContext.BaseDirectory, "remote-mcp.dll");

    public static string ConformanceServer { get; } = Path.Combine(AppContext.BaseDirectory, "RemoteMcp.ConformanceServer.dll");

    /// <summary>The test host of Functions apps.</summary>
    public static string FunctionsHost { get; } = Path.Combine(AppContext.BaseDirectory, "RemoteMcp.FunctionsHost.dll");

    public static string Emulators { get; } = Path.Combine(AppContext.BaseDirectory, "RemoteMcp.Emulators.dll");

    /// <summary>One of our own programs, as <c>dotnet program.dll arguments</c>.</summary>
    public static ProcessStartInfo DotNet(string program, IEnumerable<string> arguments) =>
        Program("dotnet", [program, .. arguments]);

    /// <summary>A script or command-line program of tests/clients, run by the Node that is installed there.</summary>
    /// <param name="script">Path below tests/clients.</param>
    /// <param name="arguments">The script's own arguments.</param>
    public static ProcessStartInfo Node(string script, IEnumerable<string> arguments) =>
        EndingWithTheTests(new ProcessStartInfo(NodeProgram, [Path.Combine(ClientsFolder, script), .. arguments]));

    /// <summary>A line of shell.</summary>
    public static ProcessStartInfo Shell(string command) => Program("sh", ["-c", command]);

    /// <summary>A program that is on the path.</summary>
    public static ProcessStartInfo Program(string name, IEnumerable<string> arguments) => EndingWithTheTests(new ProcessStartInfo(name, arguments));

    /// <summary>A Functions app in its worker process, behind the test host.</summary>
    /// <param name="app">The app.</param>
    /// <param name="options">Options of the test host.</param>
    public static ProcessStartInfo Functions(BuiltApp app, params string[] options) =>
        DotNet(FunctionsHost, ["--app", app.Folder, "--assembly", app.Assembly, .. options]);

    /// <summary>Adds environment variables.</summary>
    public static ProcessStartInfo With(this ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>A value that the build left in this assembly.</summary>
    internal static string Metadata(string key) =>
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == key).Value!;

    // Also for what a script starts in turn: the .NET server of a stdio client.
    private static ProcessStartInfo EndingWithTheTests(ProcessStartInfo start)
    {
        start.Environment["DOTNET_STARTUP_HOOKS"] = Assembly.GetExecutingAssembly().Location;
        start.Environment[StartupHook.HostVariable] = $"{Environment.ProcessId}";
        return start;
    }
}
