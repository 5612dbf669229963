using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.AzureClients;

/// <summary>
/// Retries failed requests a limited number of times. Before a retry, the policy waits as long as the service asks. If the service asks for
/// a longer delay than <paramref name="longestDelay"/>, the policy does not retry, and the caller immediately gets the error response with
/// the delay.
/// </summary>
/// <param name="maxRetries">The maximum number of retries.</param>
/// <param name="delays">The delays before the retries if the service asks for none.</param>
/// <param name="longestDelay">The longest delay that the policy waits for.</param>
public class ShortDelayRetryPolicy(int maxRetries, DelayStrategy delays, TimeSpan longestDelay) : RetryPolicy(maxRetries, delays)
{
    /// <summary>Initializes a policy with exponential delays.</summary>
    /// <param name="maxRetries">The maximum number of retries.</param>
    /// <param name="firstDelay">The delay before the first retry. Each further delay is twice as long.</param>
    /// <param name="longestDelay">The longest delay that the policy waits for.</param>
    public ShortDelayRetryPolicy(int maxRetries, TimeSpan firstDelay, TimeSpan longestDelay)
        : this(maxRetries, DelayStrategy.CreateExponentialDelayStrategy(firstDelay, longestDelay), longestDelay)
    {
    }

    /// <summary>Returns the delay that the service asks for. The default reads <c>Retry-After</c>.</summary>
    /// <param name="response">The response.</param>
    /// <returns>The delay, or <see langword="null"/> if the service asks for none.</returns>
    protected virtual TimeSpan? DelayAskedBy(Response response) => RetryAfter.From(response);

    /// <inheritdoc/>
    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.HasResponse && DelayAskedBy(message.Response) > longestDelay
            ? ValueTask.FromResult(false)
            : base.ShouldRetryAsync(message, exception);
    }
}
