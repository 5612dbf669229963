using Azure.Core;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>The emulator in this process, and the settings that other processes need to use it.</summary>
internal sealed class EmulatedEntra : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private EmulatedEntra(SampleDirectory sample, Emulator emulator, DirectoryInfo folder)
    {
        (Sample, Emulator, _folder) = (sample, emulator, folder);
        (Certificate, Key) = emulator.ExportCertificate(folder.FullName);
    }

    public SampleDirectory Sample { get; }

    public Emulator Emulator { get; }

    /// <summary>The path of the emulator's certificate (PEM), for processes that trust it or serve with it.</summary>
    public string Certificate { get; }

    /// <summary>The path of the certificate's key (PEM).</summary>
    public string Key { get; }

    /// <summary>The environment variables that make a Node client trust the emulator.</summary>
    public IReadOnlyDictionary<string, string> NodeTrust => new Dictionary<string, string> { ["NODE_EXTRA_CA_CERTS"] = Certificate };

    /// <summary>The environment variables that make a .NET program of this repository trust the emulator.</summary>
    public IReadOnlyDictionary<string, string> DotNetTrust => new Dictionary<string, string> { ["SSL_CERT_FILE"] = Certificate };

    public static async Task<EmulatedEntra> StartAsync(CancellationToken cancellationToken)
    {
        var sample = new SampleDirectory();
        var emulator = await Emulator.StartAsync(new EmulatorOptions { Directory = sample.Directory }, cancellationToken);
        return new EmulatedEntra(sample, emulator, Directory.CreateTempSubdirectory("remote-mcp-entra-"));
    }

    /// <summary>The environment variables of a server: its registration, the managed identity endpoint, and trust.</summary>
    public IReadOnlyDictionary<string, string> ServerEnvironment => new Dictionary<string, string>(Emulator.IdentityEnvironment)
    {
        ["RemoteMcp__Auth__Mode"] = "Entra",
        ["RemoteMcp__Auth__Instance"] = Emulator.Addresses.Entra.ToString(),
        ["RemoteMcp__Auth__TenantId"] = SampleDirectory.ContosoId,
        ["RemoteMcp__Auth__ClientId"] = SampleDirectory.ServerId,
        ["AZURE_CLIENT_ID"] = SampleDirectory.IdentityClientId,
        ["SSL_CERT_FILE"] = Certificate,
    };

    /// <summary>Creates a token of a user for the desktop client, without a sign-in.</summary>
    public string TokenOf(User user, params string[] furtherScopes) =>
        Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Sample.Server)
        {
            User = user,
            Scopes = ["Mcp.Use", .. furtherScopes],
        });

    /// <summary>A credential that storage accepts as a managed identity's, for the test that fills the storage.</summary>
    public TokenCredential ForStorage => DelegatedTokenCredential.Create((_, _) => new AccessToken(
        Emulator.Tokens.AccessToken(new AccessTokenRequest(
            Sample.Contoso, Sample.Daemon, Sample.Directory.FindResource(MicrosoftApplications.StorageId, Sample.Contoso)!)),
        DateTimeOffset.UtcNow.AddHours(1)));

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
