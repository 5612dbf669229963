using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Records whether a request was sent more than once. In that case, the request's own first attempt may be the reason for a refusal
/// ("changed", "not found"): the storage applied it, but the response was lost.
/// </summary>
internal sealed class RetryTracker
{
    private const string Property = nameof(RetryTracker);

    /// <summary>Gets whether a tracked request was sent more than once.</summary>
    public bool HasRetried { get; private set; }

    /// <summary>Records that a request is sent again. The retry policy calls this method.</summary>
    public static void RecordRetry(HttpMessage message)
    {
        if (message.TryGetProperty(Property, out var value) && value is RetryTracker retries)
        {
            retries.HasRetried = true;
        }
    }

    /// <summary>Tracks the requests of the current asynchronous flow until the returned scope is disposed.</summary>
    public IDisposable Track() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [Property] = this });
}
