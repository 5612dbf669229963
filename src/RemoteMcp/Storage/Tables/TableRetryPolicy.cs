using Azure.Core;
using RemoteMcp.AzureClients;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Retries a request at most twice, and records each retry for <see cref="RetryTracker"/>, because an earlier attempt may have changed the
/// row.
/// </summary>
internal sealed class TableRetryPolicy() : ShortDelayRetryPolicy(MaxRetries, s_firstDelay, s_longestDelay)
{
    private const int MaxRetries = 2;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(1);

    protected override ValueTask OnSendingRequestAsync(HttpMessage message)
    {
        if (message.ProcessingContext.RetryNumber > 0)
        {
            RetryTracker.RecordRetry(message);
        }

        return base.OnSendingRequestAsync(message);
    }
}
