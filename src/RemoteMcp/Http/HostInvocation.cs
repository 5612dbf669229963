namespace RemoteMcp.Http;

/// <summary>Represents the invocation of a request by a host that has invocations, such as Azure Functions.</summary>
/// <param name="ends">A token that is cancelled when the host ends the invocation, even if the client is still connected.</param>
internal sealed class HostInvocation(CancellationToken ends)
{
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets a token that is cancelled when the host ends the invocation.</summary>
    public CancellationToken Ends { get; } = ends;

    /// <summary>
    /// Gets a task that completes when the server closed the connection of the request because the request did not end in time.
    /// </summary>
    public Task Abandoned => _abandoned.Task;

    /// <summary>Ends the invocation while the request still runs.</summary>
    public void Abandon() => _abandoned.TrySetResult();
}
