using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// At most two retries, exponential. A wait that the storage asks for (Retry-After) and that is longer than ours is not sat
/// out in a request: it goes to the caller with the error.
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
