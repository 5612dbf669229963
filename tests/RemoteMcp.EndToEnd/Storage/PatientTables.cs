using Azure.Core.Pipeline;
using Azure.Data.Tables;
using RemoteMcp.Storage.Tables;

namespace RemoteMcp.EndToEnd.Storage;

/// <summary>
/// The options that the server opens its tables with, but for the time that a try may take: on a busy machine one that was given up and
/// sent again would be a request too many, or find what it did itself.
/// </summary>
internal static class PatientTables
{
    public static TableClientOptions Options(HttpPipelineTransport? transport = null)
    {
        var options = TableClients.ClientOptions(transport);
        options.Retry.NetworkTimeout = TimeSpan.FromMinutes(2);
        return options;
    }
}
