using System.Net.Http.Headers;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Tools.Shared;

/// <summary>
/// Retries failed requests a limited number of times. The policy waits as long as the service asks (<c>Retry-After</c>) if the delay is
/// short. If the delay is longer than <paramref name="longestDelay"/>, the call does not wait, and the tool reports the delay to the model.
/// </summary>
/// <param name="maxRetries">The maximum number of retries.</param>
/// <param name="firstDelay">The delay before the first retry. Each further delay is twice as long.</param>
/// <param name="longestDelay">The longest delay that the policy waits for.</param>
internal sealed class ShortPauseRetryPolicy(int maxRetries, TimeSpan firstDelay, TimeSpan longestDelay)
    : RetryPolicy(maxRetries, DelayStrategy.CreateExponentialDelayStrategy(firstDelay, longestDelay))
{
    private readonly TimeSpan _longestDelay = longestDelay;

    /// <summary>
    /// Returns the delay that a service asks for (<c>Retry-After</c>; RFC 9110, section 10.2.3). A date is relative to the <c>Date</c>
    /// header of the response.
    /// </summary>
    public static TimeSpan? RetryAfter(Response response) =>
        response.Headers.TryGetValue("Retry-After", out string? text) && RetryConditionHeaderValue.TryParse(text, out RetryConditionHeaderValue? value)
            ? value.Delta ?? value.Date - response.Headers.Date
            : null;

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        message.HasResponse && RetryAfter(message.Response) > _longestDelay ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);
}
