namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>Selects items in turn, and never the same item twice in a row while there is more than one.</summary>
internal sealed class RoundRobin<T> where T : class
{
    private readonly Lock _lock = new();
    private readonly List<T> _ring = [];
    private T? _last;
    private int _next;

    public void Add(T member)
    {
        lock (_lock)
        {
            _ring.Add(member);
        }
    }

    public void Remove(T member)
    {
        lock (_lock)
        {
            var index = _ring.IndexOf(member);
            _ring.RemoveAt(index);
            _next -= index < _next ? 1 : 0;
        }
    }

    /// <summary>Returns the next item, or null if there are no items.</summary>
    public T? Next()
    {
        lock (_lock)
        {
            if (_ring.Count == 0)
            {
                return null;
            }

            _next %= _ring.Count;
            if (_ring[_next] == _last)
            {
                _next = (_next + 1) % _ring.Count;
            }

            return _last = _ring[_next++];
        }
    }
}
