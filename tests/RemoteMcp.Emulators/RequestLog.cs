using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators;

/// <summary>Counts the requests for each path. For example, it shows that many unknown key IDs cause only a few key downloads.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _prompts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Counts the requests whose path ends with this text, such as <c>/discovery/v2.0/keys</c>.</summary>
    public int CountOf(string pathEnd) =>
        _counts.Where(entry => entry.Key.EndsWith(pathEnd, StringComparison.Ordinal)).Sum(entry => entry.Value);

    /// <summary>
    /// Counts the requests for a sign-in with this <c>prompt</c>. A server that sends <c>consent</c> locks out users who may not consent.
    /// </summary>
    public int CountOfPrompt(string prompt) => _prompts.GetValueOrDefault(prompt);

    internal void AddPrompt(string prompt) => _prompts.AddOrUpdate(prompt, 1, (_, count) => count + 1);

    internal void Add(PathString path) => _counts.AddOrUpdate(path.Value ?? "/", 1, (_, count) => count + 1);
}
