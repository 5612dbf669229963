namespace RemoteMcp.Emulators.Graph;

/// <summary>Lets Graph answer the next requests with 429, as it does to a tenant that asks too much.</summary>
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
