using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>
/// The Functions app under test: one that runs already (<c>func start</c>, or one on Azure), or this repository's, served by a harness.
/// </summary>
public sealed class FunctionsApp : IAsyncLifetime
{
    /// <summary>The environment variable with the URL of an app that runs, such as <c>http://localhost:7071</c>.</summary>
    public const string UrlVariable = "REMOTE_MCP_FUNCTIONS_URL";

    /// <summary>The environment variable with the path of a program that builds the app and serves it on the port that it is given.</summary>
    public const string HarnessVariable = "REMOTE_MCP_FUNCTIONS_HARNESS";

    /// <summary>The collection of the classes that start the app: the harness builds it, one at a time.</summary>
    public const string Collection = "functions";

    /// <summary>The longest that the harness may take until the app listens: it builds it first.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private DirectoryInfo? _files;
    private ServerProcess? _harness;

    /// <summary>Whether there is one: without, its tests do not exist.</summary>
    public static bool IsGiven => RunningUrl is not null || Harness is not null;

    public Uri Address { get; private set; } = null!;

    private static string? RunningUrl => Environment.GetEnvironmentVariable(UrlVariable);

    internal static string? Harness => Environment.GetEnvironmentVariable(HarnessVariable);

    public async ValueTask InitializeAsync()
    {
        if (RunningUrl is { } url)
        {
            Address = new Uri(url.TrimEnd('/') + "/");
            return;
        }

        _files = Directory.CreateTempSubdirectory("remote-mcp-functions-");
        await File.WriteAllTextAsync(Path.Combine(_files.FullName, "hello.txt"), "Hello from a function.\n");
        var start = Programs.FunctionsHarness(Path.GetFullPath(Harness!));
        start.Environment["RemoteMcp__Files__Root"] = _files.FullName;
        _harness = await ServerProcess.StartAsync(start, StartLimit, TestContext.Current.CancellationToken);
        Address = _harness.Address;
    }

    public async ValueTask DisposeAsync()
    {
        if (_harness is not null)
        {
            await _harness.DisposeAsync();
        }

        _files?.Delete(recursive: true);
    }
}
