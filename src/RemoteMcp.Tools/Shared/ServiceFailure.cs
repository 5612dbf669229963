using Azure;

namespace RemoteMcp.Tools.Shared;

/// <summary>What Azure.Core's pipeline throws when a service does not answer, or breaks off.</summary>
internal static class ServiceFailure
{
    /// <summary>Whether an exception says that; what a service answers is none.</summary>
    public static bool IsUnresponsive(Exception exception) => exception switch
    {
        // What Azure.Core throws after its last try.
        AggregateException { InnerExceptions: [.., var last] } => IsUnresponsive(last),
        RequestFailedException or OperationCanceledException or IOException or HttpRequestException or InvalidDataException => true,
        _ => false,
    };
}
