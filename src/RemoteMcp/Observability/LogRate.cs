namespace RemoteMcp.Observability;

/// <summary>Limits how many lines of one kind the log gets in a second, and counts the lines beyond the limit.</summary>
/// <param name="perSecond">The maximum number of lines in a second.</param>
/// <param name="time">The clock.</param>
internal sealed class LogRate(int perSecond, TimeProvider time)
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _windowStart = time.GetTimestamp();
    private int _written;
    private long _omitted;

    /// <summary>Asks for permission to write a line.</summary>
    /// <param name="omitted">The number of lines that were not permitted since the last line that was. The line must report it.</param>
    /// <returns><see langword="true"/> if the line may be written.</returns>
    public bool TryWrite(out long omitted)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_windowStart) >= s_window)
            {
                (_windowStart, _written) = (time.GetTimestamp(), 0);
            }

            if (_written == perSecond)
            {
                _omitted++;
                omitted = 0;
                return false;
            }

            _written++;
            (omitted, _omitted) = (_omitted, 0);
            return true;
        }
    }
}
