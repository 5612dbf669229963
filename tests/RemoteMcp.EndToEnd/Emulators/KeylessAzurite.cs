using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Storage;
using RemoteMcp.Tools.Files.Store.Blobs;
using Xunit;

namespace RemoteMcp.EndToEnd.Emulators;

/// <summary>
/// Storage without a key. The real <see cref="ManagedIdentityCredential"/> gets a token from the emulator, and a real Azurite with HTTPS
/// accepts it. As on Azure, only the endpoint and the identity are configured. All tests of the collection share this fixture. They do not
/// run in parallel with other tests, because Azure.Identity finds the managed identity endpoint only through the environment of this
/// process.
/// </summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class KeylessAzurite : IAsyncLifetime, ICollectionFixture<KeylessAzurite>
{
    /// <summary>The collection of the tests that use this fixture.</summary>
    public const string Collection = "Storage without a key";

    private readonly SampleDirectory _sample = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-mcp-certificate-");
    private ProcessEnvironment? _environment;
    private AzuriteProcess? _azurite;

    internal Emulator Emulator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Emulator = await Emulator.StartAsync(new EmulatorOptions { Directory = _sample.Directory }, TestContext.Current.CancellationToken);
        var (certificate, key) = Emulator.ExportCertificate(_folder.FullName);
        _azurite = await AzuriteProcess.StartAsync("--oauth", "basic", "--cert", certificate, "--key", key);
        _environment = new ProcessEnvironment(Emulator.IdentityEnvironment);
    }

    /// <summary>Creates a managed identity for one caller, because the credential caches tokens for the whole process.</summary>
    internal ManagedIdentityCredential NewIdentity()
    {
        var identity = new AssignedIdentity
        {
            ClientId = Guid.NewGuid().ToString(),
            ObjectId = Guid.NewGuid().ToString(),
            ResourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/storage",
        };
        _sample.Contoso.ManagedIdentities.Add(identity);
        return new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(identity.ClientId));
    }

    /// <summary>Returns a container client with the options that the server uses. The container does not have to exist.</summary>
    internal BlobContainerClient Container(string name, TokenCredential credential) =>
        new(
            new Uri($"{_azurite!.BlobEndpoint}/{name}"),
            credential,
            BlobContainers.ClientOptions(new HttpClientTransport(Emulator.CreateHandler())));

    /// <summary>Returns a client for the tables.</summary>
    internal TableServiceClient Tables(TokenCredential credential) =>
        new(_azurite!.TableEndpoint, credential, LongTimeoutTables.Options(new HttpClientTransport(Emulator.CreateHandler())));

    public async ValueTask DisposeAsync()
    {
        _environment?.Dispose();
        await (_azurite?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Emulator?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }
}
