using ModelContextProtocol.Protocol;

namespace RemoteMcp.Protocol;

/// <summary>A feature of an HTTP request that carries several JSON-RPC requests.</summary>
internal interface IUnansweredRequests
{
    /// <summary>Gets the ids of the requests without a response so far.</summary>
    IEnumerable<RequestId> Unanswered { get; }
}
