using Azure.Storage.Blobs;
using RemoteMcp.EndToEnd.Azurite;

namespace RemoteMcp.EndToEnd.Files;

/// <summary>A new container of an Azurite process, which the tests fill.</summary>
internal sealed class AzuriteContainer
{
    private AzuriteContainer(AzuriteProcess azurite, BlobContainerClient client) => (Azurite, Client) = (azurite, client);

    public AzuriteProcess Azurite { get; }

    public BlobContainerClient Client { get; }

    public string Name => Client.Name;

    public static async Task<AzuriteContainer> CreateAsync(AzuriteProcess azurite, CancellationToken cancellationToken)
    {
        var client = new BlobContainerClient(azurite.ConnectionString, SharedAzurite.UniqueName());
        await client.CreateAsync(cancellationToken: cancellationToken);
        return new AzuriteContainer(azurite, client);
    }

    public Task FillAsync(IReadOnlyDictionary<string, byte[]> files, CancellationToken cancellationToken) =>
        FillAsync(Client, files, cancellationToken);

    public static Task FillAsync(
        BlobContainerClient container, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (file, token) =>
                await container.GetBlobClient(file.Key).UploadAsync(BinaryData.FromBytes(file.Value), overwrite: true, token));

    /// <summary>The settings of a server that shares the container.</summary>
    /// <param name="proxy">The proxy through which the server reaches the container.</param>
    public string[] Settings(Uri? proxy = null)
    {
        var connectionString = proxy is null ? Azurite.ConnectionString : Azurite.ConnectionString.Replace(
            Azurite.BlobEndpoint.GetLeftPart(UriPartial.Authority), proxy.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        return ["--set", $"RemoteMcp:Files:ConnectionString={connectionString}", "--set", $"RemoteMcp:Files:Container={Name}"];
    }
}
