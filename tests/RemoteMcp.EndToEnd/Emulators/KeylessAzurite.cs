using Azure.Identity;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Azurite;
using Xunit;

namespace RemoteMcp.EndToEnd.Emulators;

/// <summary>
/// Storage without a key: the real <see cref="ManagedIdentityCredential"/> gets a token from the emulator, and a real Azurite on HTTPS
/// takes it for what it is. As on Azure, only the endpoint and the identity are configured.
/// </summary>
public abstract class KeylessAzurite : IAsyncLifetime
{
    private readonly SampleDirectory _sample = new();
    private readonly ManagedIdentity _identity = new()
    {
        // The credential keeps tokens for the whole process: an identity of this test alone.
        ClientId = Guid.NewGuid().ToString(),
        ObjectId = Guid.NewGuid().ToString(),
        ResourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/storage",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-mcp-certificate-");
    private ProcessEnvironment? _environment;

    protected Emulator Emulator { get; private set; } = null!;

    private protected AzuriteProcess Azurite { get; private set; } = null!;

    protected ManagedIdentityCredential Identity => new(ManagedIdentityId.FromUserAssignedClientId(_identity.ClientId));

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sample.Contoso.ManagedIdentities.Add(_identity);
        Emulator = await Emulator.StartAsync(new EmulatorOptions { Directory = _sample.Directory }, Cancelled);
        var (certificate, key) = Emulator.ExportCertificate(_folder.FullName);
        Azurite = await AzuriteProcess.StartAsync("--oauth", "basic", "--cert", certificate, "--key", key);
        _environment = new ProcessEnvironment(Emulator.IdentityEnvironment);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _environment?.Dispose();
        await (Azurite?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Emulator?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }
}
