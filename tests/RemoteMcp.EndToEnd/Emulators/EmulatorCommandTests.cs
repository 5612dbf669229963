using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Emulators;

/// <summary>Tests that the emulator prints everything a developer needs to use it.</summary>
public sealed class EmulatorCommandTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-mcp-emulators-");
    private readonly List<RunningProcess> _processes = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Printed_settings_are_sufficient_to_get_a_token()
    {
        var settings = await StartAsync(
            "--urls", "https://localhost:0;http://localhost:0", "--token-lifetime", "60", "--certificates", _folder.FullName);

        using var client = Trusting(settings["SSL_CERT_FILE"]);
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"),
            new("client_id", SampleDirectory.DaemonId),
            new("client_secret", SampleDirectory.DaemonSecret),
            new("scope", SampleDirectory.ServerUri + "/.default"),
        ]);
        using var response = await client.PostAsync(
            $"{settings["RemoteMcp__Auth__Instance"]}{settings["RemoteMcp__Auth__TenantId"]}/oauth2/v2.0/token", form, Cancelled);
        using var identity = new HttpClient { DefaultRequestHeaders = { { "X-IDENTITY-HEADER", settings["IDENTITY_HEADER"] } } };
        var managed = await identity.GetStringAsync(
            $"{settings["IDENTITY_ENDPOINT"]}?api-version=2019-08-01&resource=https://storage.azure.com"
            + $"&client_id={settings["AZURE_CLIENT_ID"]}",
            Cancelled);

        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled)).RootElement;
        Assert.True(response.IsSuccessStatusCode, body.ToString());
        Assert.Equal(59, body.GetProperty("expires_in").GetInt32());
        Assert.Contains("access_token", managed);
    }

    [Fact]
    public async Task The_certificate_is_kept_between_starts()
    {
        string[] arguments = ["--urls", "https://localhost:0", "--certificates", _folder.FullName];

        var first = await File.ReadAllTextAsync((await StartAsync(arguments))["SSL_CERT_FILE"], Cancelled);
        var second = await File.ReadAllTextAsync((await StartAsync(arguments))["SSL_CERT_FILE"], Cancelled);

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Plain_http_needs_no_certificate()
    {
        var settings = await StartAsync("--http", "--urls", "http://localhost:0", "--certificates", _folder.FullName);

        using var client = new HttpClient();
        var document = await client.GetStringAsync(
            $"{settings["RemoteMcp__Auth__Instance"]}common/v2.0/.well-known/openid-configuration", Cancelled);

        Assert.StartsWith("http://localhost:", settings["RemoteMcp__Auth__Instance"]);
        Assert.Contains("\"token_endpoint\":\"http://localhost:", document);
        Assert.DoesNotContain("SSL_CERT_FILE", settings.Keys);
    }

    [Theory]
    [InlineData("--urls", "https://0.0.0.0:8443")]
    [InlineData("--urls", "https://localhost:0;https://localhost:0")]
    [InlineData("--token-lifetime", "0")]
    public async Task Invalid_option_is_named_in_the_error(string option, string value)
    {
        var process = Run(option, value);

        Assert.NotEqual(0, await process.WaitForExitAsync(Cancelled));
        Assert.Contains(option, process.Error);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
        _folder.Delete(recursive: true);
    }

    private async Task<Dictionary<string, string>> StartAsync(params string[] arguments)
    {
        var process = Run(arguments);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromMinutes(3));
        var settings = new Dictionary<string, string>();
        while (await process.ReadLineAsync(bound.Token) is { } line)
        {
            if (line.StartsWith("Ready.", StringComparison.Ordinal))
            {
                return settings;
            }
            if (line.Split('=', 2) is [var name, var value] && !name.Contains(' '))
            {
                settings[name] = value;
            }
        }
        throw new InvalidOperationException(process.Describe());
    }

    private RunningProcess Run(params string[] arguments)
    {
        var process = RunningProcess.Start(Programs.DotNet(Programs.Emulators, arguments));
        _processes.Add(process);
        return process;
    }

    private static HttpClient Trusting(string certificateFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(certificateFile);
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
    }
}
