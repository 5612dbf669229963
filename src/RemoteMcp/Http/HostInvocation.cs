namespace RemoteMcp.Http;

/// <summary>Represents the invocation in which a host, such as Azure Functions, runs a request.</summary>
/// <param name="cancelled">A token that is cancelled when the host cancels the invocation, even if the client is still connected.</param>
internal sealed class HostInvocation(CancellationToken cancelled)
{
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets a token that is cancelled when the host cancels the invocation.</summary>
    public CancellationToken Cancelled { get; } = cancelled;

    /// <summary>
    /// Gets a task that completes when the server abandons the request: the request was cancelled, but it did not end in time.
    /// </summary>
    public Task Abandoned => _abandoned.Task;

    /// <summary>Lets the invocation end although the request still runs.</summary>
    public void Abandon() => _abandoned.TrySetResult();
}
