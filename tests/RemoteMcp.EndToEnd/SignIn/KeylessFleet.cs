using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Files;
using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Tools.Files.Store.Blobs;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// A deployment as on Azure: instances behind a round robin, and users who sign in. The instances access storage, the directory, and Azure
/// with their managed identity. Clients sign in at Entra ID directly, with a client ID. No key, secret, or connection string exists.
/// </summary>
[CollectionDefinition(Collection)]
public sealed class KeylessFleet(StartedServers servers) : IAsyncLifetime, ICollectionFixture<KeylessFleet>
{
    /// <summary>The collection of the tests that use this fixture.</summary>
    public const string Collection = "A fleet without a key";

    private const int PartsOfArchive = 4;

    private EmulatedEntra? _entra;
    private AzuriteProcess? _azurite;
    private FleetFixture? _fleet;
    private DirectoryInfo? _folder;
    private Task<FleetFixture>? _folderFleet;

    internal EmulatedEntra Entra => _entra!;

    /// <summary>Three instances with all tools of the team. Their files are in a container.</summary>
    internal FleetFixture Fleet => _fleet!;

    /// <summary>The folder of <see cref="FolderFleetAsync"/>.</summary>
    internal string Folder => _folder!.FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Two instances that share a folder that tests can change. The first test that needs the fleet starts it.</summary>
    internal Task<FleetFixture> FolderFleetAsync()
    {
        _folder ??= servers.Folder.CopyOf(PartsOfArchive);
        return _folderFleet ??= FleetFixture.OfSettingsAsync(
            Settings(("Files__Root", Folder), ("Files__AllowChanges", "true")), 2, Cancellation);
    }

    public async ValueTask InitializeAsync()
    {
        _entra = await EmulatedEntra.StartAsync(Cancellation);
        TeamCloud.Fill(_entra.Emulator.Azure);
        _azurite = await AzuriteProcess.StartAsync("--oauth", "basic", "--cert", _entra.Certificate, "--key", _entra.Key);
        var container = new Uri($"{_azurite.BlobEndpoint}/{SharedAzurite.UniqueName()}");
        var settings = Settings(
            ("Files__Container", container.ToString()),
            ("Account__GraphEndpoint", _entra.Emulator.Addresses.Graph.ToString()),
            ("Account__GraphResource", "https://graph.microsoft.com"),
            ("Azure__Enabled", "true"),
            ("Azure__Identity", "App"),
            ("Azure__ArmEndpoint", _entra.Emulator.Addresses.Arm.ToString()),
            ("Azure__ArmResource", "https://management.azure.com"),
            ("Azure__LogsEndpoint", _entra.Emulator.Addresses.Logs.ToString()),
            ("Azure__LogsResource", "https://api.loganalytics.io"),
            ("Azure__WorkspaceId", TeamCloud.Workspace),
            ("Azure__MaxRows", $"{TeamCloud.MaxRows}"));
        await FillAsync(container);
        await ImportAsync(settings);
        _fleet = await FleetFixture.OfSettingsAsync(settings, FleetFixture.Size, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await (_fleet?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_folderFleet is { IsCompletedSuccessfully: true })
        {
            await _folderFleet.Result.DisposeAsync();
        }

        await (_azurite?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_entra?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder?.Delete(recursive: true);
    }

    /// <summary>The settings of the instances of one fleet: the sign-in, the tables, and additional settings.</summary>
    private Dictionary<string, string> Settings(params ReadOnlySpan<(string Name, string Value)> more)
    {
        var settings = new Dictionary<string, string>(Entra.ServerEnvironment)
        {
            ["RemoteMcp__Auth__SignIn"] = "Direct",
            ["RemoteMcp__Storage__TableEndpoint"] = _azurite!.TableEndpoint.ToString(),
            ["RemoteMcp__Storage__TablePrefix"] = SharedAzurite.UniqueName(),
            ["RemoteMcp__Fleet__Lease"] = "00:00:30",
            ["RemoteMcp__Fleet__DeliveryTimeout"] = "00:00:30",
        };
        foreach (var (name, value) in more)
        {
            settings["RemoteMcp__" + name] = value;
        }

        return settings;
    }

    private async Task FillAsync(Uri container)
    {
        var client = new BlobContainerClient(
            container, Entra.ForStorage, BlobContainers.ClientOptions(new HttpClientTransport(Entra.Emulator.CreateHandler())));
        await client.CreateAsync(cancellationToken: Cancellation);
        await AzuriteContainer.FillAsync(client, TeamCloud.Files, Cancellation);
    }

    // Imports the data with the command and the identity that an operator would use.
    private static async Task ImportAsync(IReadOnlyDictionary<string, string> settings)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, TeamEvents.ToCsv(), Cancellation);
            await using var import = RunningProcess.Start(
                Programs.DotNet(Programs.RemoteMcp, ["analytics", "import", file]).With(settings));
            Assert.True(await import.WaitForExitAsync(Cancellation) == 0, import.Describe());
        }
        finally
        {
            File.Delete(file);
        }
    }
}
