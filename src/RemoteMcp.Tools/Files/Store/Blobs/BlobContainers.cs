using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>Opens the container that the settings name.</summary>
internal static class BlobContainers
{
    private const int MaxRetries = 3;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(3);

    // Of one try: the first bytes of an answer, and then each piece of it.
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Opens it; nothing is asked yet.</summary>
    /// <param name="options">Valid settings with a container.</param>
    /// <param name="credential">The server's own identity; not used with a connection string.</param>
    public static BlobFileStore Open(FilesOptions options, TokenCredential credential)
    {
        if (!BlobPlace.TryParse(options.Container!, isUrl: options.ConnectionString is null, out BlobPlace? place, out string? problem))
        {
            throw new InvalidOperationException($"{FilesOptions.Section}:{nameof(FilesOptions.Container)} {problem}");
        }

        BlobContainerClient container = place.Url is { } url
            ? new BlobContainerClient(url, credential, ClientOptions())
            : new BlobContainerClient(options.ConnectionString, place.Container, ClientOptions());
        return new BlobFileStore(container, place.Folder);
    }

    /// <summary>Every try and the number of tries are bounded.</summary>
    public static BlobClientOptions ClientOptions(HttpPipelineTransport? transport = null)
    {
        var options = new BlobClientOptions { RetryPolicy = new ShortPauseRetryPolicy(MaxRetries, FirstDelay, LongestDelay), Retry = { NetworkTimeout = NetworkTimeout } };
        if (transport is not null)
        {
            options.Transport = transport;
        }

        return options;
    }
}
