using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Runs an operation for Data Protection, whose interfaces are synchronous. Data Protection calls them at the start and about once a day.
/// While there is a ring, nothing else waits for that thread. The price of the synchronous call is therefore one blocked thread for a
/// limited time.
/// </summary>
internal static class BlockingCall
{
    // The timeout of one operation. It is longer than the retries of the storage or of Key Vault take.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    /// <summary>Runs an operation and waits for its result for 15 seconds at most.</summary>
    /// <exception cref="StateUnavailableException">The operation took too long.</exception>
    public static T Run<T>(Func<CancellationToken, Task<T>> operation, TimeProvider time)
    {
        using var deadline = new CancellationTokenSource(s_timeout, time);
        try
        {
            return Task.Run(() => operation(deadline.Token)).WaitAsync(deadline.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException exception)
        {
            throw new StateUnavailableException($"The key ring could not be read or written within {s_timeout}.", s_timeout, exception);
        }
    }
}
