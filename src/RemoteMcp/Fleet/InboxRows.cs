using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>Specifies what the row of a message shows.</summary>
internal enum InboxRowState
{
    /// <summary>The receiver has not touched the message.</summary>
    Waiting,

    /// <summary>The receiver has claimed the message. The sender can no longer withdraw it.</summary>
    Claimed,

    /// <summary>The receiver has refused the message. It did nothing, and will not do anything later.</summary>
    Refused,

    /// <summary>The receiver did not begin to handle the message, and will not do so later.</summary>
    NotHandled,

    /// <summary>The receiver did not finish handling the message. It may have handled a part of it.</summary>
    Failed,
}

/// <summary>
/// Reads and writes the rows of inboxes. Each change of a waiting row compares its ETag, so that either the receiver claims a message or
/// its sender withdraws it.
/// </summary>
internal sealed class InboxRows(IStateStore store, FleetMembership fleet, SignedMessages messages, TimeProvider time)
{
    /// <summary>The maximum number of messages that the receiver handles in one poll.</summary>
    public const int PageSize = 50;

    /// <summary>
    /// How long a message stays in the inbox if nobody deletes it. It is much longer than a lease and a stall of the storage.
    /// </summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private static readonly BinaryData s_refusedMark = BinaryData.FromString("\"refused\"");
    private static readonly BinaryData s_notHandledMark = BinaryData.FromString("\"not handled\"");
    private static readonly BinaryData s_failedMark = BinaryData.FromString("\"failed\"");
    private static readonly BinaryData s_claimedMark = BinaryData.FromString("\"claimed\"");
    private long _sequence;

    /// <summary>Adds a message to the inbox of an instance.</summary>
    public async Task<(StateKey Key, string? ETag)> InsertAsync(
        string instance, InboxMessage message, CancellationToken cancellationToken)
    {
        // The row keys of one sender sort in the order of sending. The sequence number orders its messages within one tick.
        var now = time.GetUtcNow();
        var row = $"{now.UtcTicks:D19}-{fleet.Id}-{Interlocked.Increment(ref _sequence):D12}";
        var key = new StateKey(Inbox.Table, instance, row);
        var body = await messages.SignAsync(key, message, cancellationToken);
        return (key, await store.TryInsertAsync(key, body, now + Lifetime, cancellationToken));
    }

    /// <summary>Returns the message of a row, or <see langword="null"/> if this instance cannot read it.</summary>
    public ValueTask<InboxMessage?> TryOpenAsync(StateRow row, CancellationToken cancellationToken) =>
        messages.TryReadAsync(row, cancellationToken);

    /// <summary>Returns the state of a message, or <see langword="null"/> when its row is gone.</summary>
    public async Task<InboxRowState?> FindAsync(StateKey key, CancellationToken cancellationToken) =>
        await store.FindAsync(key, cancellationToken) is { } row ? StateOf(row) : null;

    /// <summary>Deletes a message that the receiver has not claimed.</summary>
    /// <returns>Whether the message was deleted; <see langword="false"/> when the receiver was faster.</returns>
    public Task<bool> TryWithdrawAsync(StateKey key, string etag, CancellationToken cancellationToken) =>
        store.TryDeleteAsync(key, etag, cancellationToken);

    /// <summary>Deletes the row of a message whose result is known.</summary>
    public Task DeleteAsync(StateKey key, CancellationToken cancellationToken) => store.DeleteAsync(key, cancellationToken);

    /// <summary>Returns the waiting and claimed messages for this instance, oldest first, in one storage transaction.</summary>
    public async Task<List<StateRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = new List<StateRow>();
        await foreach (var row in store.QueryAsync(Inbox.Table, fleet.Id, default, cancellationToken))
        {
            if (StateOf(row) is InboxRowState.Waiting or InboxRowState.Claimed)
            {
                rows.Add(row);
            }

            if (rows.Count == PageSize)
            {
                break;
            }
        }

        return rows;
    }

    /// <summary>
    /// Claims messages for this instance, so that their senders can no longer withdraw them. This takes one storage transaction, and one
    /// more for each message if a sender has withdrawn one of them.
    /// </summary>
    /// <returns>The keys of the claimed messages. The sender of every other message has withdrawn it.</returns>
    public async Task<IReadOnlySet<StateKey>> ClaimAsync(IReadOnlyCollection<StateRow> rows, CancellationToken cancellationToken)
    {
        var expiresAt = time.GetUtcNow() + Lifetime;
        var all = rows.Select(static row => row.Key).ToHashSet();
        if (rows.Count == 0
            || (rows.Count > 1 && await store.TryCommitAsync(
                Inbox.Table,
                fleet.Id,
                [.. rows.Select(row => new StateChange.Replace(row.Key.Row, row.ETag, s_claimedMark, expiresAt))],
                cancellationToken)))
        {
            return all;
        }

        var claimed = await Task.WhenAll(rows.Select(
            row => store.TryReplaceAsync(row.Key, row.ETag, s_claimedMark, expiresAt, cancellationToken)));
        all.ExceptWith(rows.Where((_, i) => claimed[i] is null).Select(static row => row.Key));
        return all;
    }

    /// <summary>Reports to the sender that this instance has not handled a message.</summary>
    /// <param name="row">The row, as it was read.</param>
    /// <param name="claimed">Whether this instance has claimed the message since.</param>
    /// <param name="result">What became of the message. It was not handled.</param>
    /// <param name="cancellationToken">The token that ends the attempt.</param>
    public async Task ReportAsync(StateRow row, bool claimed, ReceivedResult result, CancellationToken cancellationToken)
    {
        if ((claimed ? await store.FindAsync(row.Key, cancellationToken) : row) is { } current)
        {
            var mark = result switch
            {
                ReceivedResult.Refused => s_refusedMark,
                ReceivedResult.NotHandled => s_notHandledMark,
                _ => s_failedMark,
            };
            await store.TryReplaceAsync(current.Key, current.ETag, mark, current.ExpiresAt, cancellationToken);
        }
    }

    /// <summary>Returns the state that a row shows.</summary>
    public static InboxRowState StateOf(StateRow row) =>
        IsMark(row, s_refusedMark) ? InboxRowState.Refused
        : IsMark(row, s_notHandledMark) ? InboxRowState.NotHandled
        : IsMark(row, s_failedMark) ? InboxRowState.Failed
        : IsMark(row, s_claimedMark) ? InboxRowState.Claimed
        : InboxRowState.Waiting;

    private static bool IsMark(StateRow row, BinaryData mark) => row.Body.ToMemory().Span.SequenceEqual(mark.ToMemory().Span);
}
