using RemoteMcp.Storage;

namespace RemoteMcp.ConformanceServer;

/// <summary>
/// Stores which waits were cancelled. All instances share this state, because a query can reach a different instance than the wait.
/// </summary>
internal sealed class Waits(IStateStore store, TimeProvider time)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_writeLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly BinaryData s_body = BinaryData.FromString("{}");

    public async Task MarkCancelledAsync(string ticket)
    {
        using var limit = new CancellationTokenSource(s_writeLimit, time);
        await store.TryInsertAsync(Key(ticket), s_body, time.GetUtcNow() + s_lifetime, limit.Token);
    }

    public async Task<bool> WasCancelledAsync(string ticket, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await store.FindAsync(Key(ticket), cancellationToken) is null)
        {
            if (time.GetElapsedTime(started) > patience)
            {
                return false;
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }

        return true;
    }

    private static StateKey Key(string ticket) => new("Fixtures", "waits", ticket);
}
