namespace RemoteMcp.Emulators.Graph;

/// <summary>Makes Graph respond to the next requests with 429, as for a tenant that sends too many requests.</summary>
public sealed class GraphThrottle
{
    private readonly Lock _lock = new();
    private int _remaining;
    private TimeSpan _retryAfter;

    public void Throttle(int requests, TimeSpan retryAfter)
    {
        lock (_lock)
        {
            (_remaining, _retryAfter) = (requests, retryAfter);
        }
    }

    internal bool TryTake(out TimeSpan retryAfter)
    {
        lock (_lock)
        {
            retryAfter = _retryAfter;
            return _remaining > 0 && _remaining-- > 0;
        }
    }
}
