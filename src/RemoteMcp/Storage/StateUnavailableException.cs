namespace RemoteMcp.Storage;

/// <summary>
/// The state storage could not answer: it is down, throttles, or did not answer in time, and the bounded retries are used up.
/// The request that needed it is answered with 503 and <c>Retry-After</c>; what needs no storage goes on.
/// </summary>
/// <param name="message">What failed, for the operator.</param>
/// <param name="retryAfter">When it is worth trying again.</param>
/// <param name="inner">The storage client's own error.</param>
public sealed class StateUnavailableException(string message, TimeSpan retryAfter, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>When it is worth trying again, as the storage said or as we guess.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
