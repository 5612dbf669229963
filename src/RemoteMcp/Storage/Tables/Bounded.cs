namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Limits the total time of an operation, regardless of the number of its requests, and converts errors to those of
/// <c>IStateStore</c>.
/// </summary>
internal static class Bounded
{
    // Three tries of three seconds and the pauses between them fit into this time. It also ends a token request that never completes.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(12);

    public static async Task<T> RunAsync<T>(
        TimeProvider time, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await operation(linked.Token);
        }
        catch (Exception exception) when (TableErrors.AsUnavailable(exception) is { } unavailable)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw unavailable;
        }
    }
}
