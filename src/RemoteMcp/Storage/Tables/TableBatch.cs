using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Applies one atomic batch. Azure refuses a batch when an expired row is in the way of an insert, or when the row of an unconditional
/// deletion does not exist. This class then replaces that action and sends the batch again, until it is applied or one of its conditions is
/// known not to be met.
/// </summary>
internal sealed class TableBatch(StorageTable table, string partition, IReadOnlyList<StateChange> changes, TimeProvider time)
{
    private readonly Guid _writeId = Guid.NewGuid();
    private readonly Resends _resends = new();

    public async Task<bool> TryCommitAsync(CancellationToken cancellationToken)
    {
        if (!changes.All(MayHold))
        {
            return false;
        }

        var actions = changes.Select(Action).ToArray();

        // Each turn resolves at least one row. The four additional turns are for rows that change meanwhile.
        for (var turn = 0; turn < changes.Count + 4; turn++)
        {
            int? refused;
            using (_resends.Watch())
            {
                refused = await table.TrySubmitAsync(actions, cancellationToken);
            }

            if (refused is not { } index || (_resends.Any && await WasAppliedAsync(cancellationToken)))
            {
                return true;
            }

            if (changes[index] is StateChange.Delete { ETag: null })
            {
                BuryInsteadOfDelete(actions);
            }
            else if (changes[index] is not StateChange.Insert insert || await MakeRoomAsync(insert, cancellationToken) is not { } other)
            {
                return false;
            }
            else
            {
                actions[index] = other;
            }
        }

        throw new StateUnavailableException("Rows kept changing while the server tried to apply a batch.", TimeSpan.FromSeconds(1));
    }

    private bool MayHold(StateChange change)
    {
        var etag = change is StateChange.Replace replace ? replace.ETag : (change as StateChange.Delete)?.ETag;
        return etag is null || RowVersion.Parse(etag).ExpiresAt > time.GetUtcNow();
    }

    private TableTransactionAction Action(StateChange change) => change switch
    {
        StateChange.Insert insert => new(TableTransactionActionType.Add, Entity(insert.Row, insert.Body, insert.ExpiresAt)),
        StateChange.Replace replace => new(
            TableTransactionActionType.UpdateReplace,
            Entity(replace.Row, replace.Body, replace.ExpiresAt),
            RowVersion.Parse(replace.ETag).ETag),
        StateChange.Delete { ETag: { } etag } => new(
            TableTransactionActionType.Delete, new TableEntity(partition, change.Row), RowVersion.Parse(etag).ETag),
        _ => new(TableTransactionActionType.Delete, new TableEntity(partition, change.Row), Azure.ETag.All),
    };

    private TableEntity Entity(string row, BinaryData body, DateTimeOffset expiresAt) =>
        TableRow.Create(partition, row, _writeId, body, expiresAt);

    /// <summary>
    /// Replaces unconditional deletions with writes of an expired row, because Azure refuses a batch that deletes a missing row. An expired
    /// row counts as absent, and the sweep deletes it.
    /// </summary>
    private void BuryInsteadOfDelete(TableTransactionAction[] actions)
    {
        for (var i = 0; i < actions.Length; i++)
        {
            if (changes[i] is StateChange.Delete { ETag: null } delete)
            {
                actions[i] = new(TableTransactionActionType.UpsertReplace, TableRow.Tombstone(partition, delete.Row, _writeId));
            }
        }
    }

    /// <summary>
    /// Returns an action that inserts a row where another row was in the way, or <see langword="null"/> when that row is live.
    /// </summary>
    private async Task<TableTransactionAction?> MakeRoomAsync(StateChange.Insert insert, CancellationToken cancellationToken)
    {
        var entity = Entity(insert.Row, insert.Body, insert.ExpiresAt);
        var existing = await table.GetAsync(partition, insert.Row, TableRow.Bookkeeping, cancellationToken);
        return existing is null ? new(TableTransactionActionType.Add, entity)
            : existing.ExpiresAt() > time.GetUtcNow() ? null
            : new(TableTransactionActionType.UpdateReplace, entity, existing.ETag);
    }

    /// <summary>
    /// Returns whether an earlier try was applied although its response was lost. One row that the batch wrote is enough to tell.
    /// </summary>
    private async Task<bool> WasAppliedAsync(CancellationToken cancellationToken)
    {
        var written = changes.FirstOrDefault(change => change is StateChange.Insert or StateChange.Replace);
        if (written is null)
        {
            return changes.All(change => change is StateChange.Delete { ETag: null }) ? false : throw TableStateStore.UnknownDeletion();
        }

        var existing = await table.GetAsync(partition, written.Row, TableRow.Bookkeeping, cancellationToken);
        return existing is not null && existing.IsWriteOf(_writeId);
    }
}
