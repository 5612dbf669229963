using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RemoteMcp.Tests.Observability;

/// <summary>Represents an entry as a provider receives it.</summary>
internal sealed record CapturedEntry(
    LogLevel Level, string Category, string Message, Exception? Exception, IReadOnlyList<KeyValuePair<string, object?>> Values)
{
    /// <summary>Gets everything that a provider can write.</summary>
    public string All => $"{Message}\n{string.Join('\n', Values.Select(static value => value.Value))}\n{Exception}\n{Exception?.Message}";
}

/// <summary>Keeps everything that a server logs, at every level.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<CapturedEntry> _entries = new();

    public IReadOnlyList<CapturedEntry> Entries => [.. _entries];

    /// <summary>Gets the entries that an operator sees at the default level.</summary>
    public IReadOnlyList<CapturedEntry> Shown => [.. _entries.Where(static entry => entry.Level >= LogLevel.Information)];

    /// <summary>Gets the lines of the audit log.</summary>
    public IReadOnlyList<string> Audit =>
        [.. _entries.Where(static entry => entry.Category == "RemoteMcp.Observability.AuditLog").Select(static entry => entry.Message)];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<CapturedEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new(
                logLevel,
                category,
                formatter(state, exception),
                exception,
                [.. state as IReadOnlyList<KeyValuePair<string, object?>> ?? []]));
    }
}
