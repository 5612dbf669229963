using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Notifications that were raised while no instance served the session's GET stream; the next one sends them. They live as long as
/// events do, in the table of events.
/// </summary>
internal sealed class Backlog(IStateStore store, FleetMembership fleet, IOptions<SessionOptions> options, TimeProvider time)
{
    // Upper case: no stream has such a key, so no Last-Event-ID reads these rows.
    private const string Prefix = "Waiting|";
    private long _sequence;

    /// <returns>The row that the message waits in.</returns>
    public async Task<string> AddAsync(string session, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{now.UtcTicks:D19}|{fleet.Id}|{Interlocked.Increment(ref _sequence):D12}");
        await store.TryInsertAsync(Key(session, row), BinaryData.FromBytes(message), now + options.Value.EventLifetime, cancellationToken);
        return row;
    }

    /// <summary>Takes a message back.</summary>
    /// <returns>Whether it still waited.</returns>
    public async Task<bool> TryRemoveAsync(string session, string row, CancellationToken cancellationToken) =>
        await store.FindAsync(Key(session, row), cancellationToken) is { } waiting && await store.TryDeleteAsync(waiting.Key, waiting.ETag, cancellationToken);

    /// <summary>Takes the messages in the order they were raised; each is taken by one instance only.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> TakeAsync(string session, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.QueryAsync(EventRows.Table, session, new StateRange(Prefix, Prefix + "~"), cancellationToken))
        {
            // Not cancelled when the client leaves: what was deleted is sent, or kept for replay.
            if (await store.TryDeleteAsync(row.Key, row.ETag, CancellationToken.None))
            {
                yield return row.Body.ToMemory();
            }
        }
    }

    private static StateKey Key(string session, string row) => new(EventRows.Table, session, row);
}
