using Azure.Core;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>The emulator in this process, and what other processes are given to use it.</summary>
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

    /// <summary>The certificate of the emulator, a PEM file, for others to trust or to serve with.</summary>
    public string Certificate { get; }

    /// <summary>Its key, a PEM file.</summary>
    public string Key { get; }

    /// <summary>What a client on Node is given to trust the emulator.</summary>
    public IReadOnlyDictionary<string, string> NodeTrust => new Dictionary<string, string> { ["NODE_EXTRA_CA_CERTS"] = Certificate };

    /// <summary>What one of our own programs is given to trust the emulator.</summary>
    public IReadOnlyDictionary<string, string> DotNetTrust => new Dictionary<string, string> { ["SSL_CERT_FILE"] = Certificate };

    public static async Task<EmulatedEntra> StartAsync(CancellationToken cancellationToken)
    {
        var sample = new SampleDirectory();
        var emulator = await Emulator.StartAsync(new EmulatorOptions { Directory = sample.Directory }, cancellationToken);
        return new EmulatedEntra(sample, emulator, Directory.CreateTempSubdirectory("remote-mcp-entra-"));
    }

    /// <summary>What a server is given: its registration, the managed identity endpoint, and trust.</summary>
    public IReadOnlyDictionary<string, string> ServerEnvironment => new Dictionary<string, string>(Emulator.IdentityEnvironment)
    {
        ["RemoteMcp__Auth__Mode"] = "Entra",
        ["RemoteMcp__Auth__Instance"] = Emulator.Addresses.Entra.ToString(),
        ["RemoteMcp__Auth__TenantId"] = SampleDirectory.ContosoId,
        ["RemoteMcp__Auth__ClientId"] = SampleDirectory.ServerId,
        ["SSL_CERT_FILE"] = Certificate,
    };

    /// <summary>A token of a user by the client that is registered for desktops, without a sign-in.</summary>
    public string TokenOf(User user, params string[] furtherScopes) =>
        Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Sample.Server) { User = user, Scopes = ["Mcp.Use", .. furtherScopes] });

    /// <summary>What storage takes as a managed identity's token, for the test that fills it.</summary>
    public TokenCredential ForStorage => DelegatedTokenCredential.Create((_, _) => new AccessToken(
        Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.Daemon, Sample.Directory.FindResource(MicrosoftApplications.StorageId, Sample.Contoso)!)),
        DateTimeOffset.UtcNow.AddHours(1)));

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
