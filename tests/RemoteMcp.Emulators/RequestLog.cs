using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators;

/// <summary>Counts the requests for each path. For example, it shows that many unknown key IDs cause only a few key downloads.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Counts the requests whose path ends with this text, such as <c>/discovery/v2.0/keys</c>.</summary>
    public int CountOf(string pathEnd) =>
        _counts.Where(entry => entry.Key.EndsWith(pathEnd, StringComparison.Ordinal)).Sum(entry => entry.Value);

    internal void Add(PathString path) => _counts.AddOrUpdate(path.Value ?? "/", 1, (_, count) => count + 1);
}
