using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators;

/// <summary>How often each path was asked for: shows, for instance, that a flood of unknown key ids costs few key downloads.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Requests whose path ends so, for example <c>/discovery/v2.0/keys</c>.</summary>
    public int CountOf(string pathEnd) =>
        _counts.Where(entry => entry.Key.EndsWith(pathEnd, StringComparison.Ordinal)).Sum(entry => entry.Value);

    internal void Add(PathString path) => _counts.AddOrUpdate(path.Value ?? "/", 1, (_, count) => count + 1);
}
