using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RemoteMcp.Observability;

/// <summary>
/// Creates the loggers of the whole process, so that every line passes <see cref="SafeLogger"/> before it reaches a console, the Functions
/// host, or a collector. This includes the lines of ASP.NET Core, of the libraries, and of the team's tools.
/// </summary>
internal sealed class SafeLoggerFactory(LoggerFactory inner, TimeProvider time, IEnumerable<CompleteLog> complete) : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, SafeLogger> _loggers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _complete = [.. complete.Select(static log => log.Category)];

    public ILogger CreateLogger(string categoryName) => _loggers.TryGetValue(categoryName, out var logger)
        ? logger
        : _loggers.GetOrAdd(
            categoryName, new SafeLogger(inner.CreateLogger(categoryName), categoryName, _complete.Contains(categoryName) ? null : time));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    // The container disposes the inner factory.
    public void Dispose()
    {
    }
}
