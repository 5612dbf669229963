using System.Diagnostics;
using System.Reflection;
using RemoteMcp.Testing;

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>
/// The programs that the tests start: programs of this repository, built into the output of the tests, and programs in tests/clients.
/// </summary>
internal static class Programs
{
    /// <summary>The folder tests/clients, into which npm installs packages.</summary>
    /// <summary>The root of the repository.</summary>
    public static string ClientsFolder { get; } = Repository.PathOf("tests/clients");

    /// <summary>The Node program that npm installed in tests/clients.</summary>
    public static string NodeProgram { get; } =
        Path.Combine(ClientsFolder, "node_modules", "node", "bin", OperatingSystem.IsWindows() ? "node.exe" : "node");

    public static string RemoteMcp { get; } = Path.Combine(AppContext.BaseDirectory, "remote-mcp.dll");

    public static string ConformanceServer { get; } = Path.Combine(AppContext.BaseDirectory, "RemoteMcp.ConformanceServer.dll");

    /// <summary>The test host of Functions apps.</summary>
    public static string FunctionsHost { get; } = Path.Combine(AppContext.BaseDirectory, "RemoteMcp.FunctionsHost.dll");

    public static string Emulators { get; } = Path.Combine(AppContext.BaseDirectory, "RemoteMcp.Emulators.dll");

    /// <summary>Starts a program of this repository as <c>dotnet program.dll arguments</c>.</summary>
    public static ProcessStartInfo DotNet(string program, IEnumerable<string> arguments) =>
        Program("dotnet", [program, .. arguments]);

    /// <summary>Starts a script or command-line program of tests/clients with the installed Node.</summary>
    /// <param name="script">The path of the script, relative to tests/clients.</param>
    /// <param name="arguments">The arguments of the script.</param>
    public static ProcessStartInfo Node(string script, IEnumerable<string> arguments) =>
        EndedWithTestHost(new ProcessStartInfo(NodeProgram, [Path.Combine(ClientsFolder, script), .. arguments]));

    /// <summary>Starts a shell command.</summary>
    public static ProcessStartInfo Shell(string command) => Program("sh", ["-c", command]);

    /// <summary>Starts a program from the PATH.</summary>
    public static ProcessStartInfo Program(string name, IEnumerable<string> arguments) =>
        EndedWithTestHost(new ProcessStartInfo(name, arguments));

    /// <summary>Starts a Functions app in its worker process, behind the test host.</summary>
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

    /// <summary>Reads a value that the build stored in this assembly.</summary>
    internal static string Metadata(string key) =>
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == key).Value!;

    // The hook also ends processes that a script starts, such as the .NET server of a stdio client.
    private static ProcessStartInfo EndedWithTestHost(ProcessStartInfo start)
    {
        start.Environment["DOTNET_STARTUP_HOOKS"] = Assembly.GetExecutingAssembly().Location;
        start.Environment[StartupHook.HostVariable] = $"{Environment.ProcessId}";
        return start;
    }
}
