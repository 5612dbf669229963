using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Tools.Account;

/// <summary>
/// At most two retries; a pause that Graph asks for is kept when it is short. A longer one is not sat out in a call: the model is told of it.
/// </summary>
internal sealed class GraphRetryPolicy() : RetryPolicy(MaxRetries, DelayStrategy.CreateExponentialDelayStrategy(FirstDelay, LongestDelay))
{
    private const int MaxRetries = 2;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    /// <summary>The pause that Graph asks for; it names seconds.</summary>
    public static TimeSpan? RetryAfter(Response response) =>
        response.Headers.TryGetValue("Retry-After", out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        message.HasResponse && RetryAfter(message.Response) > LongestDelay ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);
}
