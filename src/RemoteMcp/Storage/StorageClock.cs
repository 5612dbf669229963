using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RemoteMcp.Storage;

/// <summary>
/// Tells the time of the state storage. All instances judge the expiry of rows, and therefore leases, by this time and not by their own
/// clocks.
/// </summary>
/// <remarks>
/// Each response of the storage contains its time in seconds (<c>Date</c>, RFC 9110, section 6.6.1). Each response therefore limits the
/// difference between the two clocks to a range of one second plus the duration of the request. The clock moves into this range by the
/// shortest way. While the clocks agree, it does not move at all. Between responses it follows the monotonic time of this process, so that
/// a step of the machine's clock does not move it. Without responses, as for storage in memory, it is the machine's clock.
/// </remarks>
internal sealed partial class StorageClock
{
    /// <summary>The difference between the clocks from which this instance reports itself as degraded.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>The difference between the clocks from which this instance reports itself as not ready.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    // The resolution of the header.
    private static readonly TimeSpan s_resolution = TimeSpan.FromSeconds(1);

    // Times near the ends of the range of DateTimeOffset mean "always" and "never", and are not converted.
    private static readonly DateTimeOffset s_never = DateTimeOffset.MaxValue.AddDays(-365);
    private static readonly DateTimeOffset s_always = DateTimeOffset.UnixEpoch.AddDays(365);

    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _originTime;
    private readonly long _origin;
    private TimeSpan? _correction;
    private int _unconfirmedStep;
    private LogLevel _reported = LogLevel.None;

    public StorageClock(TimeProvider time, ILogger<StorageClock>? logger = null)
    {
        Time = time;
        _logger = logger ?? NullLogger<StorageClock>.Instance;
        (_originTime, _origin) = (time.GetUtcNow(), time.GetTimestamp());
    }

    /// <summary>Gets the machine's clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Gets the time of the storage.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_lock)
            {
                return _correction is { } correction ? Monotonic(Time.GetTimestamp()) + correction : Time.GetUtcNow();
            }
        }
    }

    /// <summary>
    /// Gets the time of the storage minus the time of this machine. The accuracy is a second, and better after several responses.
    /// </summary>
    public TimeSpan Difference
    {
        get
        {
            lock (_lock)
            {
                return _correction is { } correction ? Monotonic(Time.GetTimestamp()) + correction - Time.GetUtcNow() : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Converts a time of this machine to a time of the storage.</summary>
    public DateTimeOffset ToStorage(DateTimeOffset machine) => Shift(machine, Difference);

    /// <summary>Converts a time of the storage to a time of this machine.</summary>
    public DateTimeOffset ToMachine(DateTimeOffset storage) => Shift(storage, -Difference);

    /// <summary>Records the time in a response that arrives now.</summary>
    /// <param name="sent">The timestamp of <see cref="Time"/> at which the request was sent.</param>
    /// <param name="date">The time in the response, in whole seconds.</param>
    public void Record(long sent, DateTimeOffset date)
    {
        lock (_lock)
        {
            var least = date - Monotonic(Time.GetTimestamp());
            var most = date + s_resolution - Monotonic(sent);
            var known = _correction ?? TimeSpan.Zero;
            var corrected = known < least ? least : known > most ? most : known;
            var step = Math.Abs((corrected - known).Ticks) > s_resolution.Ticks ? Math.Sign((corrected - known).Ticks) : 0;
            // One late or early response does not move the clock, because a storage that was paused can respond with an old time.
            if (_correction is null || step == 0 || step == _unconfirmedStep)
            {
                (_correction, _unconfirmedStep) = (corrected, 0);
            }
            else
            {
                _unconfirmedStep = step;
            }
        }

        Report();
    }

    private static DateTimeOffset Shift(DateTimeOffset value, TimeSpan difference) =>
        value > s_never || value < s_always ? value : value + difference;

    private DateTimeOffset Monotonic(long timestamp) => _originTime + Time.GetElapsedTime(_origin, timestamp);

    private void Report()
    {
        var difference = Difference;
        var level = difference.Duration() > Limit ? LogLevel.Error : difference.Duration() > Tolerance ? LogLevel.Warning : LogLevel.None;
        lock (_lock)
        {
            if (level == _reported)
            {
                return;
            }

            _reported = level;
        }

        if (level == LogLevel.None)
        {
            LogAgree();
        }
        else
        {
            var (seconds, direction) = (Math.Abs(difference.TotalSeconds), difference > TimeSpan.Zero ? "behind" : "ahead of");
            LogDiffer(level, seconds, direction);
        }
    }

    [LoggerMessage(Message = "The clock of this machine is {Seconds:F0} s {Direction} the clock of the state storage. Correct it. "
        + "Instances judge leases by the storage's clock, but this machine issues and judges tokens by its own.")]
    private partial void LogDiffer(LogLevel level, double seconds, string direction);

    [LoggerMessage(Level = LogLevel.Information, Message = "The clock of this machine agrees with the clock of the state storage again.")]
    private partial void LogAgree();
}
