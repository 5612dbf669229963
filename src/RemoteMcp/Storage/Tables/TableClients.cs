using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>Opens the storage account that the settings name.</summary>
internal static class TableClients
{
    public static TableServiceClient Open(StorageOptions options, TokenCredential credential) => options.ConnectionString is { } connectionString
        ? new TableServiceClient(connectionString, ClientOptions())
        : new TableServiceClient(new Uri(options.TableEndpoint!), credential, ClientOptions());

    /// <summary>Every try is bounded; what bounds their sum is <see cref="Bounded"/>.</summary>
    public static TableClientOptions ClientOptions(HttpPipelineTransport? transport = null)
    {
        var options = new TableClientOptions
        {
            RetryPolicy = new TableRetryPolicy(),
            Retry = { NetworkTimeout = TimeSpan.FromSeconds(3) },
        };
        if (transport is not null)
        {
            options.Transport = transport;
        }

        return options;
    }
}
