using System.Security.Cryptography;
using RemoteMcp.State;

namespace RemoteMcp.Keys;

internal sealed class FleetSecret(IStateStore store, TimeProvider time)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> _known = new();

    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(string purpose, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(purpose, out var known))
        {
            return known;
        }

        var key = new StateKey("Keys", "secrets", purpose);
        var row = await store.FindAsync(key, cancellationToken);
        if (row is null)
        {
            await store.TryInsertAsync(key, BinaryData.FromBytes(RandomNumberGenerator.GetBytes(32)), time.GetUtcNow().AddYears(20), cancellationToken);
            row = await store.FindAsync(key, cancellationToken);
        }

        return _known[purpose] = row!.Body.ToArray();
    }
}
