namespace RemoteMcp.Storage.Tables;

/// <summary>Bounds what an operation may take altogether, however many requests it makes, and gives it the errors of the port.</summary>
internal static class Bounded
{
    // Three tries of three seconds and their pauses fit; a token that does not come does not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    public static async Task<T> RunAsync<T>(TimeProvider time, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await operation(linked.Token);
        }
        catch (Exception error) when (TableErrors.AsUnavailable(error) is { } unavailable)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw unavailable;
        }
    }
}
