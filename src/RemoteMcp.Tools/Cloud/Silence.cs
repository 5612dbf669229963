using Azure;

namespace RemoteMcp.Tools.Cloud;

/// <summary>What Azure.Core's pipeline throws when a service does not answer, or breaks off.</summary>
internal static class Silence
{
    /// <summary>Whether an exception says that; what a service answers is none.</summary>
    public static bool IsIn(Exception exception) => exception switch
    {
        // What Azure.Core throws after its last try.
        AggregateException { InnerExceptions: [.., var last] } => IsIn(last),
        RequestFailedException or OperationCanceledException or IOException or HttpRequestException or InvalidDataException => true,
        _ => false,
    };
}
