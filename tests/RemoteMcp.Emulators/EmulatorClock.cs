namespace RemoteMcp.Emulators;

/// <summary>The time by which the emulators issue and check: the machine's, moved by as much as a test wants.</summary>
public sealed class EmulatorClock(TimeProvider inner) : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));

    /// <summary>Moves the time on, or back when negative: tokens issued then look old to a server whose clock is right.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);
}
