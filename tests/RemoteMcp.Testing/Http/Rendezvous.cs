namespace RemoteMcp.Testing.Http;

/// <summary>Synchronizes a test with a tool that it called.</summary>
internal sealed class Rendezvous
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _count;

    /// <summary>Gets the number of calls of the tool that have begun.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets a task that completes when the tool runs.</summary>
    public Task Entered => _entered.Task;

    /// <summary>Gets a task that completes when the tool is cancelled.</summary>
    public Task Cancelled => _cancelled.Task;

    public void Release() => _released.TrySetResult();

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        _entered.TrySetResult();
        try
        {
            await _released.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _cancelled.TrySetResult();
            throw;
        }
    }
}
