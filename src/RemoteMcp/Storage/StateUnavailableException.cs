namespace RemoteMcp.Storage;

/// <summary>
/// The exception that is thrown when the state storage does not respond: it is down, it throttles, or it timed out, and all retries failed.
/// The server responds to the request with 503 and <c>Retry-After</c>. Requests that need no storage are not affected.
/// </summary>
/// <param name="message">The description of the failure, for the operator.</param>
/// <param name="retryAfter">The time after which a retry may succeed.</param>
/// <param name="inner">The error of the storage client.</param>
public sealed class StateUnavailableException(string message, TimeSpan retryAfter, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Gets the time after which a retry may succeed. It comes from the storage, or is an estimate.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
