using RemoteMcp.EndToEnd.Functions;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

[assembly: AssemblyFixture(typeof(FunctionsApp))]

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>
/// The Functions app that tests share. The first test that needs it starts this repository's app on the test host. Tests can also use an
/// app that already runs (<c>func start</c>, or an app on Azure).
/// </summary>
public sealed class FunctionsApp : IAsyncDisposable
{
    /// <summary>The environment variable with the URL of an app that already runs, such as <c>http://localhost:7071</c>.</summary>
    public const string UrlVariable = "REMOTE_MCP_FUNCTIONS_URL";

    private readonly Lazy<Task<ServerProcess>> _fixtures;
    private readonly Lock _lock = new();
    private Task<ServerProcess>? _team;

    public FunctionsApp() => _fixtures = new(() => StartAsync(Programs.Functions(BuiltApp.Fixtures)));

    /// <summary>Returns the address of the app with the team's tools. The app serves the same folder as the other tests.</summary>
    internal async Task<Uri> AddressAsync(StartedServers servers)
    {
        if (Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } url)
        {
            return new Uri(url.TrimEnd('/') + "/");
        }

        Task<ServerProcess> team;
        lock (_lock)
        {
            team = _team ??= StartAsync(Programs.Functions(BuiltApp.Team).With(new Dictionary<string, string>
            {
                ["RemoteMcp__Files__Root"] = servers.Folder.Path,
            }));
        }

        return (await team).Address;
    }

    /// <summary>Returns the app with the fixtures of the conformance suite.</summary>
    internal Task<ServerProcess> FixturesAsync() => _fixtures.Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var app in (Task<ServerProcess>?[])[_team, _fixtures.IsValueCreated ? _fixtures.Value : null])
        {
            if (app is { IsCompletedSuccessfully: true })
            {
                await app.Result.DisposeAsync();
            }
        }
    }

    private static Task<ServerProcess> StartAsync(System.Diagnostics.ProcessStartInfo start) =>
        Task.Run(() => ServerProcess.StartAsync(start, ServerProcess.StartLimit, CancellationToken.None));
}
