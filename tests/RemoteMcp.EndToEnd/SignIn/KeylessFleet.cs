using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// As on Azure: two instances behind a round robin, people sign in, and the instances reach storage by their managed identity. There is no
/// key, secret or connection string anywhere.
/// </summary>
public sealed class KeylessFleet(StartedServers servers) : IAsyncLifetime
{
    private EmulatedEntra? _entra;
    private AzuriteProcess? _azurite;
    private FleetFixture? _fleet;

    internal EmulatedEntra Entra => _entra!;

    internal FleetFixture Fleet => _fleet!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _entra = await EmulatedEntra.StartAsync(Cancellation);
        _azurite = await AzuriteProcess.StartAsync("--oauth", "basic", "--cert", _entra.Certificate, "--key", _entra.Key);
        var environment = new Dictionary<string, string>(_entra.ServerEnvironment)
        {
            ["RemoteMcp__State__TableEndpoint"] = new UriBuilder(_azurite.TableEndpoint) { Scheme = "https" }.Uri.ToString(),
            ["RemoteMcp__State__ManagedIdentityClientId"] = SampleDirectory.IdentityClientId,
        };
        _fleet = await FleetFixture.OfFilesAsync(environment, servers.Folder.Path, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await (_fleet?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_azurite?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_entra?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
