using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

[assembly: AssemblyFixture(typeof(StartedFleets))]

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>
/// The fleets that tests share. The first test that needs a fleet starts it. A test that kills instances starts a separate fleet.
/// </summary>
public sealed class StartedFleets : IAsyncDisposable
{
    private readonly SharedAzurite _azurite = new();
    private readonly Lazy<Task<FleetFixture>> _fixtures;
    private readonly Lazy<Task<FleetFixture>> _functions;
    private readonly Lock _lock = new();
    private Task<FleetFixture>? _files;

    public StartedFleets()
    {
        _fixtures = new(async () =>
            await FleetFixture.OfFixturesAsync(await AzuriteAsync(), CancellationToken.None, FleetFixture.LongRelayTimeouts));
        _functions = new(async () =>
            await FleetFixture.OfFunctionsAsync(await AzuriteAsync(), CancellationToken.None, FleetFixture.LongRelayTimeouts));
    }

    /// <summary>Returns a fleet that serves the fixtures of the conformance suite.</summary>
    internal Task<FleetFixture> FixturesAsync() => FixturesAsync(FleetKind.Serve);

    /// <summary>Returns a fleet of one kind that serves the fixtures of the conformance suite.</summary>
    internal Task<FleetFixture> FixturesAsync(FleetKind kind) => kind == FleetKind.Functions ? _functions.Value : _fixtures.Value;

    /// <summary>Starts a separate fleet for a test that kills instances.</summary>
    internal async Task<FleetFixture> StartOwnAsync(FleetKind kind, CancellationToken cancellationToken, params string[] settings) =>
        kind == FleetKind.Functions
            ? await FleetFixture.OfFunctionsAsync(await AzuriteAsync(), cancellationToken, settings)
            : await FleetFixture.OfFixturesAsync(await AzuriteAsync(), cancellationToken, settings);

    /// <summary>Returns a fleet of <c>remote-mcp serve</c> with the folder that the other tests also use.</summary>
    internal Task<FleetFixture> FilesAsync(StartedServers servers)
    {
        lock (_lock)
        {
            return _files ??= Task.Run(async () => await FleetFixture.OfFilesAsync(
                await AzuriteAsync(), servers.Folder.Path, CancellationToken.None, FleetFixture.LongRelayTimeouts));
        }
    }

    internal Task<AzuriteProcess> AzuriteAsync() => _azurite.GetAsync();

    public async ValueTask DisposeAsync()
    {
        Task<FleetFixture>?[] fleets =
        [
            _fixtures.IsValueCreated ? _fixtures.Value : null,
            _functions.IsValueCreated ? _functions.Value : null,
            _files,
        ];
        foreach (var fleet in fleets)
        {
            if (fleet is { IsCompletedSuccessfully: true })
            {
                await fleet.Result.DisposeAsync();
            }
        }

        await _azurite.DisposeAsync();
    }
}
