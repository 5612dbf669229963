using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RemoteMcp.Fleet;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>
/// Stores messages that no GET stream of the session could send. The next GET stream sends them. Their rows are in the table of events, and
/// have the same lifetime as events.
/// </summary>
internal sealed class Backlog(IStateStore store, FleetMembership fleet, IOptions<SessionOptions> options, TimeProvider time)
{
    // The prefix is in upper case. Keys of streams are in lower case, so that no Last-Event-ID can read these rows.
    private const string Prefix = "Waiting|";
    private long _sequence;

    /// <summary>Adds a message to the backlog of a session.</summary>
    /// <returns>The row key of the message.</returns>
    public async Task<string> AddAsync(string session, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{now.UtcTicks:D19}|{fleet.Id}|{Interlocked.Increment(ref _sequence):D12}");
        await store.TryInsertAsync(Key(session, row), BinaryData.FromBytes(message), now + options.Value.EventLifetime, cancellationToken);
        return row;
    }

    /// <summary>Removes a message from the backlog.</summary>
    /// <returns>Whether the message was still in the backlog.</returns>
    public async Task<bool> TryRemoveAsync(string session, string row, CancellationToken cancellationToken) =>
        await store.FindAsync(Key(session, row), cancellationToken) is { } waiting
            && await store.TryDeleteAsync(waiting.Key, waiting.ETag, cancellationToken);

    /// <summary>Removes and returns the messages, oldest first. Only one instance gets each message.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> TakeAsync(
        string session, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.QueryAsync(EventRows.Table, session, new StateRange(Prefix, Prefix + "~"), cancellationToken))
        {
            // The deletion is not cancelled when the client leaves: the message of a deleted row is sent, or kept for replay.
            if (await store.TryDeleteAsync(row.Key, row.ETag, CancellationToken.None))
            {
                yield return row.Body.ToMemory();
            }
        }
    }

    private static StateKey Key(string session, string row) => new(EventRows.Table, session, row);
}
