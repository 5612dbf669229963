using Azure.Data.Tables;

namespace RemoteMcp.Storage;

/// <summary>
/// Distinguishes connection strings of Azurite from those of a real account. Keys of real accounts do not belong in settings.
/// </summary>
internal static class DevelopmentConnectionString
{
    private const string Remedy = "Set it to UseDevelopmentStorage=true, or to Azurite's connection string (with its TableEndpoint). "
        + "For a real account, set " + StorageOptions.Section + ":" + nameof(StorageOptions.TableEndpoint) + " instead. "
        + "The server then signs in with a managed identity and needs no key.";

    /// <summary>
    /// Returns what is wrong with a connection string, or <see langword="null"/> when it is for an emulator. The text never contains a
    /// value that may be a key.
    /// </summary>
    public static string? Failure(string connectionString)
    {
        TableServiceClient client;
        try
        {
            client = new TableServiceClient(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            return $"is not a connection string for tables. {Remedy}";
        }

        // Azurite can have any host name, such as the name of a container. Only Azurite has the account name in the path.
        return client.Uri.IsLoopback || client.Uri.AbsolutePath.Trim('/') == "devstoreaccount1"
            ? null
            : $"is for a real account, on {client.Uri.Host}. {Remedy}";
    }
}
