using Azure;
using Azure.Core;
using Azure.Data.Tables;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.EndToEnd.Azurite;
using Xunit;

namespace RemoteMcp.EndToEnd.Emulators;

/// <summary>Tests tables that are accessed without a key.</summary>
[Collection(KeylessAzurite.Collection)]
public sealed class AzuriteWithIdentityTests(KeylessAzurite storage)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_managed_identity_writes_and_reads_a_table_with_one_token()
    {
        var tokens = storage.Emulator.Requests.CountOf("/msi/token");
        var table = storage.Tables(storage.NewIdentity()).GetTableClient(SharedAzurite.UniqueName());
        await table.CreateAsync(Cancelled);
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = 42 }, Cancelled);

        var read = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancelled);

        Assert.Equal(42, read.Value.GetInt32("Value"));
        Assert.Equal(tokens + 1, storage.Emulator.Requests.CountOf("/msi/token"));
    }

    [Theory]
    [InlineData("https://management.azure.com")]
    [InlineData(MicrosoftApplications.TokenExchangeAudience)]
    public async Task Token_for_another_resource_is_refused(string resource)
    {
        var token = await storage.NewIdentity().GetTokenAsync(new TokenRequestContext([resource + "/.default"]), Cancelled);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(async () =>
            await storage.Tables(DelegatedTokenCredential.Create((_, _) => token))
                .GetTableClient(SharedAzurite.UniqueName())
                .CreateAsync(Cancelled));

        Assert.Equal(403, failure.Status);
    }
}
