using ModelContextProtocol.Protocol;

namespace RemoteMcp.Protocol;

/// <summary>
/// Represents a feature of an HTTP request whose body is a batch. If the HTTP request fails, the server sends an error for each JSON-RPC
/// request of the batch that has no response yet.
/// </summary>
internal interface IUnansweredRequests
{
    /// <summary>Gets the ids of the requests that have no response yet.</summary>
    IEnumerable<RequestId> Unanswered { get; }
}
