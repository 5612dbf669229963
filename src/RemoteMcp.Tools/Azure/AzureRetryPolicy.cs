using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Tools.Azure;

/// <summary>At most two retries, of what may pass by itself and within a short pause.</summary>
internal sealed class AzureRetryPolicy(TimeProvider clock) : RetryPolicy(MaxRetries, new Pauses(clock))
{
    private const int MaxRetries = 2;

    /// <inheritdoc/>
    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception)
    {
        // 504 is a query that took too long, and would again.
        bool hopeless = message.HasResponse && (message.Response.Status == 504 || AzureRetryAfter.AskedBy(message.Response, clock) > AzureRetryAfter.Longest);
        return hopeless ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);
    }

    private sealed class Pauses(TimeProvider clock) : DelayStrategy(AzureRetryAfter.Longest * Margin)
    {
        // The SDK varies a pause by a fifth; what Azure asks for is the least.
        private const double Margin = 1.25;

        protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) =>
            (response is null ? null : AzureRetryAfter.AskedBy(response, clock) * Margin) ?? TimeSpan.FromMilliseconds(300 << Math.Min(retryNumber - 1, 4));
    }
}
