using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Retries at most twice, with exponential delays. When the storage asks for a longer wait (Retry-After), the request does not wait for it:
/// the caller gets the error with that time.
/// </summary>
internal sealed class TableRetryPolicy() : RetryPolicy(MaxRetries, DelayStrategy.CreateExponentialDelayStrategy(FirstDelay, LongestDelay))
{
    private const int MaxRetries = 2;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        message.HasResponse && TableErrors.RetryAfter(message.Response) > LongestDelay
            ? ValueTask.FromResult(false)
            : base.ShouldRetryAsync(message, exception);

    protected override ValueTask OnSendingRequestAsync(HttpMessage message)
    {
        if (message.ProcessingContext.RetryNumber > 0)
        {
            Resends.Note(message);
        }

        return base.OnSendingRequestAsync(message);
    }
}
