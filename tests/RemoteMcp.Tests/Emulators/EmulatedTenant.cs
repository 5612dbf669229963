using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>A running emulator of the sample directory. Each test has its own, because tests change the directory.</summary>
public abstract class EmulatedTenant : IAsyncLifetime
{
    private static readonly Lazy<X509SecurityKey> s_key = new(SigningKeys.Create);
    private static readonly Lazy<LoopbackCertificate> s_certificate = new(LoopbackCertificate.Create);

    internal SampleDirectory Sample { get; } = new();

    internal Emulator Emulator { get; private set; } = null!;

    internal OAuthDriver OAuth { get; private set; } = null!;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected Application Graph => Sample.Directory.FindClient(MicrosoftApplications.GraphId, Sample.Contoso)!;

    public virtual async ValueTask InitializeAsync()
    {
        Emulator = await Emulator.StartAsync(
            new EmulatorOptions { Directory = Sample.Directory, SigningKey = s_key.Value, Certificate = s_certificate.Value },
            Cancelled);
        OAuth = new OAuthDriver(Emulator);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        OAuth.Dispose();
        await Emulator.DisposeAsync();
    }
}
