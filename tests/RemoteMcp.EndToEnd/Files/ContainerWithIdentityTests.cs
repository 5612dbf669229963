using Azure.Core;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Emulators;
using RemoteMcp.Testing.Files;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Blobs;
using Xunit;

namespace RemoteMcp.EndToEnd.Files;

/// <summary>
/// Runs the file store contract on a container without a key: with the real managed identity credential over HTTPS, as on Azure.
/// </summary>
[Collection(KeylessAzurite.Collection)]
public sealed class ContainerWithIdentityTests(KeylessAzurite storage) : FileStoreContract
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_requests_use_one_token()
    {
        var tokens = storage.Emulator.Requests.CountOf("/msi/token");
        var store = await CreateAsync(new Dictionary<string, byte[]> { ["docs/a.txt"] = "hello"u8.ToArray() });

        var file = await store.WalkAsync(FilePath.Root, null, _ => true, Cancelled).SingleAsync(Cancelled);
        await using var content = await store.OpenAsync(file.Path, 0, Cancelled);

        Assert.Equal("hello", await new StreamReader(content.Stream).ReadToEndAsync(Cancelled));
        Assert.Equal(tokens + 1, storage.Emulator.Requests.CountOf("/msi/token"));
    }

    [Fact]
    public async Task Refused_token_gets_an_error_that_names_the_missing_role()
    {
        var other = await storage.NewIdentity()
            .GetTokenAsync(new TokenRequestContext(["https://management.azure.com/.default"]), Cancelled);
        var store = new BlobFileStore(
            storage.Container(SharedAzurite.UniqueName(), DelegatedTokenCredential.Create((_, _) => other)), FilePath.Root);

        var told = await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.ProbeAsync(Cancelled));

        Assert.Contains("'Storage Blob Data Reader'", told.Message, StringComparison.Ordinal);
    }

    private protected override async Task<IFileStore> CreateAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        var container = storage.Container(SharedAzurite.UniqueName(), storage.NewIdentity());
        await container.CreateAsync(cancellationToken: Cancelled);
        await AzuriteContainer.FillAsync(container, files, Cancelled);
        return new BlobFileStore(container, FilePath.Root);
    }
}
