using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RemoteMcp.Observability;

/// <summary>
/// Writes each log entry and each scope as one bounded line without invisible characters, so that text from a caller can neither forge an
/// entry nor control a terminal. From the level Information on, it also limits the entries of one event to <see cref="LinesPerSecond"/>,
/// and removes what callers sent from the entries of the MCP SDK (<see cref="SdkLog"/>).
/// </summary>
/// <param name="inner">The logger of the providers.</param>
/// <param name="category">The category of the entries.</param>
/// <param name="time">The clock for the rate, or <see langword="null"/> if all entries are written.</param>
internal sealed class SafeLogger(ILogger inner, string category, TimeProvider? time) : ILogger
{
    /// <summary>The maximum number of entries of one event in a second.</summary>
    public const int LinesPerSecond = 50;

    /// <summary>The maximum number of entries of one event with an exception in a second. Their stack traces are long.</summary>
    public const int ExceptionsPerSecond = 10;

    // Libraries have fewer events in a category. The events beyond this number share one rate.
    private const int MaxRates = 64;

    private readonly bool _isSdk = SdkLog.IsCategory(category);
    private readonly ConcurrentDictionary<(int Event, bool HasException), LogRate> _rates = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(new SafeScope(state));

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
        {
            return;
        }

        if (logLevel < LogLevel.Information)
        {
            Write(logLevel, eventId, state, exception, formatter, LogText.DebugLengths, omitted: 0);
            return;
        }

        if (_isSdk)
        {
            if (inner.IsEnabled(LogLevel.Debug))
            {
                Write(LogLevel.Debug, eventId, state, exception, formatter, LogText.DebugLengths, omitted: 0);
            }

            if (SdkLog.IsExpected(exception))
            {
                return;
            }
        }

        long omitted = 0;
        if (time is null || RateOf((eventId.Id, exception is not null), time).TryWrite(out omitted))
        {
            Write(logLevel, eventId, state, exception, formatter, _isSdk ? SdkLog.Lengths : LogText.Lengths, omitted);
        }
    }

    private LogRate RateOf((int Event, bool HasException) key, TimeProvider clock) => _rates.TryGetValue(key, out var rate)
        ? rate
        : _rates.GetOrAdd(
            _rates.Count < MaxRates ? key : (0, key.HasException),
            added => new LogRate(added.HasException ? ExceptionsPerSecond : LinesPerSecond, clock));

    private void Write<TState>(
        LogLevel level,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter,
        LogText text,
        long omitted)
    {
        var safeException = exception is null ? null : LoggedException.Of(exception, text);
        if (SafeLogState.Of(state, exception, formatter, text, omitted) is { } changed)
        {
            inner.Log(level, eventId, changed, safeException, static (safe, _) => safe.ToString());
        }
        else
        {
            inner.Log(level, eventId, state, safeException, formatter);
        }
    }
}
