using System.Net.Http.Headers;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Tools.Shared;

/// <summary>
/// Some retries; a pause that the service asks for is kept when it is short. A longer one is not sat out in a call: the model is told of it.
/// </summary>
/// <param name="maxRetries">How often is tried again.</param>
/// <param name="firstDelay">The first pause; each further one is twice as long.</param>
/// <param name="longestDelay">The longest pause that is kept.</param>
internal sealed class ShortPauseRetryPolicy(int maxRetries, TimeSpan firstDelay, TimeSpan longestDelay)
    : RetryPolicy(maxRetries, DelayStrategy.CreateExponentialDelayStrategy(firstDelay, longestDelay))
{
    private readonly TimeSpan _longestDelay = longestDelay;

    /// <summary>The pause that a service asks for (<c>Retry-After</c>; RFC 9110, section 10.2.3). A date counts from the answer's own clock.</summary>
    public static TimeSpan? RetryAfter(Response response) =>
        response.Headers.TryGetValue("Retry-After", out string? text) && RetryConditionHeaderValue.TryParse(text, out RetryConditionHeaderValue? value)
            ? value.Delta ?? value.Date - response.Headers.Date
            : null;

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        message.HasResponse && RetryAfter(message.Response) > _longestDelay ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);
}
