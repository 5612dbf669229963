using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// One atomic batch. It is sent as it is; what Azure refuses because of an expired row in the way of an insert, or a missing
/// row under an unconditional deletion, is put differently and sent again, until the batch holds or one of its conditions
/// is known not to.
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

        // Each turn settles at least one row; the few more are for rows that change meanwhile.
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

        throw new StateUnavailableException("Rows kept changing while a batch was applied.", TimeSpan.FromSeconds(1));
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
        StateChange.Delete { ETag: { } etag } => new(TableTransactionActionType.Delete, new TableEntity(partition, change.Row), RowVersion.Parse(etag).ETag),
        _ => new(TableTransactionActionType.Delete, new TableEntity(partition, change.Row), Azure.ETag.All),
    };

    private TableEntity Entity(string row, BinaryData body, DateTimeOffset expiresAt) =>
        TableRow.Create(partition, row, _writeId, body, expiresAt);

    /// <summary>
    /// Azure fails a batch that deletes a missing row. An expired row in its place is as good as none, and the sweep takes it.
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

    /// <summary>How to insert a row that something is in the way of; <see langword="null"/> when that lives.</summary>
    private async Task<TableTransactionAction?> MakeRoomAsync(StateChange.Insert insert, CancellationToken cancellationToken)
    {
        var entity = Entity(insert.Row, insert.Body, insert.ExpiresAt);
        var existing = await table.GetAsync(partition, insert.Row, TableRow.Bookkeeping, cancellationToken);
        return existing is null ? new(TableTransactionActionType.Add, entity)
            : existing.ExpiresAt() > time.GetUtcNow() ? null
            : new(TableTransactionActionType.UpdateReplace, entity, existing.ETag);
    }

    /// <summary>Whether an earlier try, whose answer was lost, was applied: one row that it wrote tells for all.</summary>
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
