using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using RemoteMcp.AzureClients;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>Opens the container from the settings.</summary>
internal static class BlobContainers
{
    private const int MaxRetries = 3;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(3);

    // The timeout of one attempt, for the first bytes of the response and then for each read.
    private static readonly TimeSpan s_networkTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Creates the file store. Does not send a request.</summary>
    /// <param name="options">Valid options that name a container.</param>
    /// <param name="credential">The server's own identity. Not used with a connection string.</param>
    public static BlobFileStore Open(FilesOptions options, TokenCredential credential)
    {
        if (!BlobLocation.TryParse(options.Container!, isUrl: options.ConnectionString is null, out var location, out var problem))
        {
            throw new InvalidOperationException($"{FilesOptions.Section}:{nameof(FilesOptions.Container)} {problem}");
        }

        var container = location.Url is { } url
            ? new BlobContainerClient(url, credential, ClientOptions())
            : new BlobContainerClient(options.ConnectionString, location.Container, ClientOptions());
        return new BlobFileStore(container, location.Folder);
    }

    /// <summary>
    /// Returns what is wrong with a connection string, or <see langword="null"/> for a connection string of Azurite.
    /// </summary>
    public static string? ValidateConnectionString(string connectionString) => AzuriteConnectionString.Validate(
        connectionString,
        static text => new BlobServiceClient(text).Uri,
        "blobs",
        "BlobEndpoint",
        $"{FilesOptions.Section}:{nameof(FilesOptions.Container)}");

    /// <summary>Creates client options that limit the time of each attempt and the number of attempts.</summary>
    public static BlobClientOptions ClientOptions(HttpPipelineTransport? transport = null)
    {
        var options = new BlobClientOptions
        {
            RetryPolicy = new ShortDelayRetryPolicy(MaxRetries, s_firstDelay, s_longestDelay),
            Retry = { NetworkTimeout = s_networkTimeout },
        };
        if (transport is not null)
        {
            options.Transport = transport;
        }

        return options;
    }
}
