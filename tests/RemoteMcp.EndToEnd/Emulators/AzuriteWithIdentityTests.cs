using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.EndToEnd.Emulators;

/// <summary>Tables without a key.</summary>
[Collection(nameof(AloneInProcess))]
public sealed class AzuriteWithIdentityTests : KeylessAzurite
{
    [Fact]
    public async Task A_managed_identity_writes_and_reads_a_table()
    {
        var tables = Tables(Identity);
        var table = tables.GetTableClient("identities");
        await table.CreateAsync(Cancelled);
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = 42 }, Cancelled);

        var read = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancelled);

        Assert.Equal(42, read.Value.GetInt32("Value"));
        Assert.Equal(1, Emulator.Requests.CountOf("/msi/token"));
    }

    [Theory]
    [InlineData("https://management.azure.com")]
    [InlineData(MicrosoftApplications.TokenExchangeAudience)]
    public async Task A_token_for_something_else_is_not_taken(string resource)
    {
        var token = await Identity.GetTokenAsync(new TokenRequestContext([resource + "/.default"]), Cancelled);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(async () =>
            await Tables(DelegatedTokenCredential.Create((_, _) => token)).GetTableClient("identities").CreateAsync(Cancelled));

        Assert.Equal(403, failure.Status);
    }

    private TableServiceClient Tables(TokenCredential credential)
    {
        var options = new TableClientOptions { Transport = new HttpClientTransport(Emulator.CreateHandler()) };
        options.Retry.MaxRetries = 0;
        return new TableServiceClient(new UriBuilder(Azurite.TableEndpoint) { Scheme = "https" }.Uri, credential, options);
    }
}
