using Azure.Storage.Blobs;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>
/// Distinguishes the connection strings of Azurite from those of real accounts. A key of a real account must not be in the settings.
/// </summary>
internal static class AzuriteConnectionString
{
    private const string Remedy = "Use UseDevelopmentStorage=true or Azurite's own connection string (with its BlobEndpoint). "
        + "For a container of a real account, set only the URL of the container. The server uses a managed identity, without a key.";

    /// <summary>
    /// Returns what is wrong with a connection string, or <see langword="null"/> for a connection string of Azurite. The text never
    /// contains a value that can be a key.
    /// </summary>
    public static string? FindProblem(string connectionString)
    {
        BlobServiceClient client;
        try
        {
            client = new BlobServiceClient(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            return $"is not a connection string for blobs. {Remedy}";
        }

        // Azurite can have any host name (for example the name of a container). Only Azurite has the account in the path.
        return client.Uri.IsLoopback || client.Uri.AbsolutePath.Trim('/') == "devstoreaccount1"
            ? null
            : $"names a real account, on {client.Uri.Host}. {Remedy}";
    }
}
