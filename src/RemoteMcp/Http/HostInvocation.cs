namespace RemoteMcp.Http;

/// <summary>The host's invocation that carries a request, where the host has such a thing.</summary>
/// <param name="ends">Cancelled when the host ends the invocation, whether or not the client is still connected.</param>
internal sealed class HostInvocation(CancellationToken ends)
{
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets a token that is cancelled when the host ends the invocation.</summary>
    public CancellationToken Ends { get; } = ends;

    /// <summary>Gets a task that completes when the request lost its connection because it did not end in time.</summary>
    public Task Abandoned => _abandoned.Task;

    /// <summary>Lets the invocation end although the request still runs.</summary>
    public void Abandon() => _abandoned.TrySetResult();
}
