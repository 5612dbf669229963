using Azure;

namespace RemoteMcp.Tools.Shared;

/// <summary>Detects the exceptions that the Azure.Core pipeline throws when a service does not respond or breaks the connection.</summary>
internal static class ServiceFailure
{
    /// <summary>
    /// Returns whether an exception means that the service did not respond. An error response from the service does not count.
    /// </summary>
    public static bool IsUnresponsive(Exception exception) => exception switch
    {
        // Azure.Core wraps the exceptions of all attempts in one AggregateException after the last retry.
        AggregateException { InnerExceptions: [.., var last] } => IsUnresponsive(last),
        RequestFailedException or OperationCanceledException or IOException or HttpRequestException or InvalidDataException => true,
        _ => false,
    };
}
