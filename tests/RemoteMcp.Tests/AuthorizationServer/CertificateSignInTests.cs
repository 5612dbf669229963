using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.AuthorizationServer.Upstream;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests a server whose credential is a certificate, as on a developer's machine or in a container.</summary>
public sealed class CertificateSignInTests : SignInServer
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pem");

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:AuthorizationServer:CertificatePath"] = _file,
    };

    public override async ValueTask InitializeAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=remote-mcp", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(_file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n", Cancelled);
        Sample.Server.Certificates.Add(X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert)));
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        File.Delete(_file);
        GC.SuppressFinalize(this);
    }

    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        // The server creates its credential from the settings.
        server.Services.AddSingleton<UpstreamCredential>();
    }

    [Fact]
    public async Task Client_signs_in_and_stays_signed_in_when_the_server_has_a_certificate()
    {
        using var client = await Client().RegisterAsync();

        var tokens = await client.SignInAsync();
        var refreshed = await client.RefreshAsync(tokens.RefreshToken);

        Assert.Equal(HttpStatusCode.OK, await CallAsync(refreshed));
        using var ready = await Server.Client.GetAsync("/readyz", Cancelled);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Certificate_that_is_not_registered_is_reported_on_the_page()
    {
        Sample.Server.Certificates.Clear();
        using var client = await Client().RegisterAsync();

        var page = await client.Browser.GoAsync(client.AuthorizeUrl());

        Assert.Contains("Entra ID does not accept this server.", page.Text, StringComparison.Ordinal);
        Assert.Contains("AADSTS700027", page.Text, StringComparison.Ordinal);
    }
}
