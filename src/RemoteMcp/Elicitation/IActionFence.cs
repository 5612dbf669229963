using ModelContextProtocol;

namespace RemoteMcp.Elicitation;

/// <summary>Decides whether the current call may still act.</summary>
internal interface IActionFence
{
    /// <summary>Returns if the current call may act.</summary>
    /// <exception cref="McpException">The client may have been told that the call has failed. The tool must not act.</exception>
    ValueTask CheckAsync(CancellationToken cancellationToken);
}
