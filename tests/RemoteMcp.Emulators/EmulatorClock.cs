namespace RemoteMcp.Emulators;

/// <summary>The clock with which the emulators issue and check tokens: the time of the machine plus an offset that a test sets.</summary>
public sealed class EmulatorClock(TimeProvider inner) : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));

    /// <summary>
    /// Moves the time forward, or backward if <paramref name="by"/> is negative. A server with the correct time then sees new tokens as
    /// old.
    /// </summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);
}
