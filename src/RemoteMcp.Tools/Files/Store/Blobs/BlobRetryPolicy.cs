using System.Net.Http.Headers;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>
/// At most three retries; a pause that the storage asks for is kept when it is short. A longer one is not sat out in a call: the model is
/// told of it.
/// </summary>
internal sealed class BlobRetryPolicy() : RetryPolicy(MaxRetries, DelayStrategy.CreateExponentialDelayStrategy(FirstDelay, LongestDelay))
{
    private const int MaxRetries = 3;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(3);

    /// <summary>The pause that the storage asks for.</summary>
    public static TimeSpan? RetryAfter(Response response) =>
        response.Headers.TryGetValue("Retry-After", out string? text) && RetryConditionHeaderValue.TryParse(text, out RetryConditionHeaderValue? value)
            ? value.Delta ?? value.Date - response.Headers.Date
            : null;

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        message.HasResponse && RetryAfter(message.Response) > LongestDelay ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);
}
