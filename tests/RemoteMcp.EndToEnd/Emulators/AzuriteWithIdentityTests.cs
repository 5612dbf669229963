using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
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
[Collection(nameof(AloneInProcess))]
public sealed class AzuriteWithIdentityTests : IAsyncLifetime
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
    private Emulator? _emulator;
    private AzuriteProcess? _azurite;
    private ProcessEnvironment? _environment;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sample.Contoso.ManagedIdentities.Add(_identity);
        _emulator = await Emulator.StartAsync(new EmulatorOptions { Directory = _sample.Directory }, Cancelled);
        var (certificate, key) = _emulator.ExportCertificate(_folder.FullName);
        _azurite = await AzuriteProcess.StartAsync("--oauth", "basic", "--cert", certificate, "--key", key);
        _environment = new ProcessEnvironment(_emulator.IdentityEnvironment);
    }

    public async ValueTask DisposeAsync()
    {
        _environment?.Dispose();
        await (_azurite?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_emulator?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_managed_identity_writes_and_reads_a_table()
    {
        var tables = Tables(new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(_identity.ClientId)));
        var table = tables.GetTableClient("identities");
        await table.CreateAsync(Cancelled);
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = 42 }, Cancelled);

        var read = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancelled);

        Assert.Equal(42, read.Value.GetInt32("Value"));
        Assert.Equal(1, _emulator!.Requests.CountOf("/msi/token"));
    }

    [Theory]
    [InlineData("https://management.azure.com")]
    [InlineData(MicrosoftApplications.TokenExchangeAudience)]
    public async Task A_token_for_something_else_is_not_taken(string resource)
    {
        var other = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(_identity.ClientId));
        var token = await other.GetTokenAsync(new TokenRequestContext([resource + "/.default"]), Cancelled);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(async () =>
            await Tables(DelegatedTokenCredential.Create((_, _) => token)).GetTableClient("identities").CreateAsync(Cancelled));

        Assert.Equal(403, failure.Status);
    }

    private TableServiceClient Tables(TokenCredential credential)
    {
        var options = new TableClientOptions { Transport = new HttpClientTransport(_emulator!.CreateHandler()) };
        options.Retry.MaxRetries = 0;
        return new TableServiceClient(new UriBuilder(_azurite!.TableEndpoint) { Scheme = "https" }.Uri, credential, options);
    }
}
