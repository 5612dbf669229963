using Azure.Data.Tables;

namespace RemoteMcp.Storage;

/// <summary>Tells Azurite's connection strings from those of a real account, whose keys have no place in settings.</summary>
internal static class DevelopmentConnectionString
{
    private const string Remedy = "Use UseDevelopmentStorage=true or Azurite's own connection string (with its TableEndpoint) here; "
        + "a real account is named by " + StorageOptions.Section + ":" + nameof(StorageOptions.TableEndpoint) + " and reached with a managed identity, without a key.";

    /// <summary>What is wrong, never with a value that may be a key; <see langword="null"/> for an emulator's connection string.</summary>
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

        // Azurite may have any host name (a container's); it alone has the account in the path.
        return client.Uri.IsLoopback || client.Uri.AbsolutePath.Trim('/') == "devstoreaccount1"
            ? null
            : $"names a real account, on {client.Uri.Host}. {Remedy}";
    }
}
