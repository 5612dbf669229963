using ModelContextProtocol.Protocol;

namespace RemoteMcp.Protocol;

/// <summary>Represents a feature of an HTTP request that contains several JSON-RPC requests.</summary>
internal interface IUnansweredRequests
{
    /// <summary>Gets the ids of the requests that have no response yet.</summary>
    IEnumerable<RequestId> Unanswered { get; }
}
