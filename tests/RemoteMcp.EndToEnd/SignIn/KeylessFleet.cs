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
    /// <summary>The name of the one subscription that the managed identity may read.</summary>
    public const string Subscription = "Contoso production";

    private EmulatedEntra? _entra;
    private AzuriteProcess? _azurite;
    private FleetFixture? _fleet;

    internal EmulatedEntra Entra => _entra!;

    internal FleetFixture Fleet => _fleet!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _entra = await EmulatedEntra.StartAsync(Cancellation);
        var (emulator, subscription) = (_entra.Emulator, Guid.NewGuid().ToString());
        emulator.Azure.Subscriptions.Add(new(subscription, Subscription, SampleDirectory.ContosoId));
        emulator.Azure.Assign(SampleDirectory.IdentityObjectId, "Reader", $"/subscriptions/{subscription}");
        _azurite = await AzuriteProcess.StartAsync("--oauth", "basic", "--cert", _entra.Certificate, "--key", _entra.Key);
        var environment = new Dictionary<string, string>(_entra.ServerEnvironment)
        {
            ["RemoteMcp__State__TableEndpoint"] = new UriBuilder(_azurite.TableEndpoint) { Scheme = "https" }.Uri.ToString(),
            ["AZURE_CLIENT_ID"] = SampleDirectory.IdentityClientId,
            ["RemoteMcp__Account__GraphEndpoint"] = emulator.Addresses.Graph.ToString(),
            ["RemoteMcp__Account__GraphResource"] = "https://graph.microsoft.com",
            ["RemoteMcp__Azure__Enabled"] = "true",
            ["RemoteMcp__Azure__ArmEndpoint"] = emulator.Addresses.Arm.ToString(),
            ["RemoteMcp__Azure__ArmResource"] = "https://management.azure.com",
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
