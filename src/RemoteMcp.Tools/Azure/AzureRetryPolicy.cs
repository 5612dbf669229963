using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Tools.Azure;

/// <summary>Retries a request at most twice, for errors that can be temporary and only if the delay is short.</summary>
internal sealed class AzureRetryPolicy(TimeProvider clock) : RetryPolicy(MaxRetries, new Pauses(clock))
{
    private const int MaxRetries = 2;

    /// <inheritdoc/>
    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception)
    {
        // 504 means that the query took too long. A retry would take as long.
        bool hopeless = message.HasResponse && (message.Response.Status == 504 || AzureRetryAfter.AskedBy(message.Response, clock) > AzureRetryAfter.Longest);
        return hopeless ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);
    }

    private sealed class Pauses(TimeProvider clock) : DelayStrategy(AzureRetryAfter.Longest * Margin)
    {
        // The SDK varies a delay by up to 20 percent. The delay must never be shorter than Azure asks for.
        private const double Margin = 1.25;

        protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) =>
            (response is null ? null : AzureRetryAfter.AskedBy(response, clock) * Margin) ?? TimeSpan.FromMilliseconds(300 << Math.Min(retryNumber - 1, 4));
    }
}
