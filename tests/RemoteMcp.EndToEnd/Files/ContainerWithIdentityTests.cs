using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using RemoteMcp.EndToEnd.Emulators;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Blobs;
using Xunit;

namespace RemoteMcp.EndToEnd.Files;

/// <summary>A container without a key: the real managed identity credential, over HTTPS, as on Azure.</summary>
[Collection(nameof(AloneInProcess))]
public sealed class ContainerWithIdentityTests : KeylessAzurite
{
    [Fact]
    public async Task A_managed_identity_lists_and_reads_with_one_token()
    {
        BlobContainerClient container = Container(Identity);
        await container.CreateAsync(cancellationToken: Cancelled);
        await container.GetBlobClient("docs/a.txt").UploadAsync(BinaryData.FromString("hello"), Cancelled);
        var store = new BlobFileStore(container, FilePath.Root);

        FileEntry file = await store.WalkAsync(FilePath.Root, null, _ => true, Cancelled).SingleAsync(Cancelled);
        await using FileContent content = await store.OpenAsync(file.Path, 0, Cancelled);

        Assert.Equal(("docs/a.txt", "hello"), (file.Path.Value, await new StreamReader(content.Stream).ReadToEndAsync(Cancelled)));
        Assert.Equal(1, Emulator.Requests.CountOf("/msi/token"));
    }

    [Fact]
    public async Task A_token_that_the_storage_does_not_take_is_told_with_the_role()
    {
        AccessToken other = await Identity.GetTokenAsync(new TokenRequestContext(["https://management.azure.com/.default"]), Cancelled);
        var store = new BlobFileStore(Container(DelegatedTokenCredential.Create((_, _) => other)), FilePath.Root);

        var told = await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.ProbeAsync(Cancelled));

        Assert.Contains("'Storage Blob Data Reader'", told.Message, StringComparison.Ordinal);
    }

    private BlobContainerClient Container(TokenCredential credential)
    {
        var account = new UriBuilder(Azurite.BlobEndpoint) { Scheme = "https" }.Uri;
        return new BlobContainerClient(new Uri($"{account}/files"), credential, BlobContainers.ClientOptions(new HttpClientTransport(Emulator.CreateHandler())));
    }
}
