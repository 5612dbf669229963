using Azure.Core.Pipeline;
using Azure.Data.Tables;
using RemoteMcp.Storage.Tables;

namespace RemoteMcp.EndToEnd.Storage;

/// <summary>
/// Creates the client options that the server uses for its tables, but with a longer timeout for each try. On a busy machine, a try that
/// times out is repeated. The repetition would add a request, or meet the result of the first try.
/// </summary>
internal static class LongTimeoutTables
{
    public static TableClientOptions Options(HttpPipelineTransport? transport = null)
    {
        var options = TableClients.ClientOptions(transport);
        options.Retry.NetworkTimeout = TimeSpan.FromMinutes(2);
        return options;
    }
}
