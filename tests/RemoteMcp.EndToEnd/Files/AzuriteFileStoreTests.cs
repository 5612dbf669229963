using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.Testing.Files;
using RemoteMcp.Tools.Files;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Blobs;
using Xunit;

namespace RemoteMcp.EndToEnd.Files;

/// <summary>Runs the file store contract on a container of a real Azurite, opened according to the settings.</summary>
public sealed class AzuriteFileStoreTests(SharedAzurite azurite) : FileStoreContract
{
    private protected override async Task<IFileStore> CreateAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        var container = await AzuriteContainer.CreateAsync(await azurite.GetAsync(), TestContext.Current.CancellationToken);
        await container.FillAsync(files, TestContext.Current.CancellationToken);
        return BlobContainers.Open(
            new FilesOptions { ConnectionString = container.Azurite.ConnectionString, Container = container.Name }, credential: null!);
    }
}
