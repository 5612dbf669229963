using Azure;
using Azure.Core;
using RemoteMcp.AzureClients;

namespace RemoteMcp.Tools.Azure;

/// <summary>Retries a request at most twice, for errors that can be temporary and only if the delay is short.</summary>
internal sealed class AzureRetryPolicy() : ShortDelayRetryPolicy(MaxRetries, new Delays(), s_longestDelay)
{
    private const int MaxRetries = 2;
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override TimeSpan? DelayAskedBy(Response response) => AzureRetryAfter.AskedBy(response);

    /// <inheritdoc/>
    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        // 504 means that the query took too long. A retry would take as long.
        message is { HasResponse: true, Response.Status: 504 } ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);

    private sealed class Delays() : DelayStrategy(s_longestDelay * Margin)
    {
        // The SDK varies a delay by up to 20 percent. The delay must never be shorter than Azure asks for.
        private const double Margin = 1.25;

        protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) =>
            (response is null ? null : AzureRetryAfter.AskedBy(response) * Margin)
                ?? TimeSpan.FromMilliseconds(300 << Math.Min(retryNumber - 1, 4));
    }
}
