using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>Creates the client for the storage account in the settings.</summary>
internal static class TableClients
{
    public static TableServiceClient Open(StorageOptions options, TokenCredential credential, StorageClock clock) =>
        options.ConnectionString is { } connectionString
            ? new TableServiceClient(connectionString, ClientOptions(clock: clock))
            : new TableServiceClient(new Uri(options.TableEndpoint!), credential, ClientOptions(clock: clock));

    /// <summary>
    /// Returns options that limit the time of each attempt, and measure the storage's clock. <see cref="TableOperation"/> limits the total
    /// time.
    /// </summary>
    public static TableClientOptions ClientOptions(HttpPipelineTransport? transport = null, StorageClock? clock = null)
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

        if (clock is not null)
        {
            options.AddPolicy(new StorageDatePolicy(clock), HttpPipelinePosition.BeforeTransport);
        }

        return options;
    }
}
