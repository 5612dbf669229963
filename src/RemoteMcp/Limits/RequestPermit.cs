namespace RemoteMcp.Limits;

/// <summary>
/// Holds what a request has taken from the limits of its caller and of the process. A call of a session can outlive its request. The call
/// then keeps the permit until it has ended.
/// </summary>
internal sealed class RequestPermit : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<IDisposable> _leases = [];
    private int _holders = 1;

    /// <summary>Adds a lease, which ends with this permit.</summary>
    public void Add(IDisposable lease)
    {
        lock (_lock)
        {
            _leases.Add(lease);
        }
    }

    /// <summary>Adds a holder: the permit ends when the request and each holder have called <see cref="Dispose"/>.</summary>
    /// <returns>Whether the permit had not ended.</returns>
    public bool TryKeep()
    {
        lock (_lock)
        {
            if (_holders == 0)
            {
                return false;
            }

            _holders++;
            return true;
        }
    }

    /// <summary>Removes a holder. Call this method once for each holder.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (--_holders > 0)
            {
                return;
            }
        }

        foreach (var lease in _leases)
        {
            lease.Dispose();
        }
    }
}
