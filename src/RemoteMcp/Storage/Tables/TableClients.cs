using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>Creates the client for the storage account in the settings.</summary>
internal static class TableClients
{
    public static TableServiceClient Open(StorageOptions options, TokenCredential credential) =>
        options.ConnectionString is { } connectionString
            ? new TableServiceClient(connectionString, ClientOptions())
            : new TableServiceClient(new Uri(options.TableEndpoint!), credential, ClientOptions());

    /// <summary>Returns options that limit the time of each attempt. <see cref="TableOperation"/> limits the total time.</summary>
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
