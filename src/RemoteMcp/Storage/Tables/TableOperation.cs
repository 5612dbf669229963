namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Runs one operation of <c>IStateStore</c>. It limits the total time of the operation's requests, and converts the errors of the client
/// library to <see cref="StateUnavailableException"/>.
/// </summary>
internal static class TableOperation
{
    // Three attempts of three seconds, and the delays between them, fit into this time. It also ends a token request that never completes.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(12);

    public static async Task<T> RunAsync<T>(
        TimeProvider time, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_timeout, time);
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
