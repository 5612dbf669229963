using Azure.Data.Tables;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Applies one atomic batch. Azure refuses a batch when an expired row is in the way of an insert, or when the row of an unconditional
/// deletion does not exist. This class then replaces that action and sends the batch again, until it is applied or one of its conditions is
/// known not to be met.
/// </summary>
internal sealed class TableBatch(StorageTable table, string partition, IReadOnlyList<StateChange> changes, StorageClock clock)
{
    private const int ExtraAttempts = 4;

    private readonly Guid _writeId = Guid.NewGuid();
    private readonly RetryTracker _retries = new();

    public async Task<bool> TryCommitAsync(CancellationToken cancellationToken)
    {
        if (!changes.All(CanBeMet))
        {
            return false;
        }

        var actions = changes.Select(Action).ToArray();

        // Each refused attempt resolves the conflict of at least one row. The extra attempts are for rows that change between two attempts.
        for (var attempt = 0; attempt < changes.Count + ExtraAttempts; attempt++)
        {
            int? refusedIndex;
            using (_retries.Track())
            {
                refusedIndex = await table.TrySubmitAsync(actions, cancellationToken);
            }

            if (refusedIndex is not { } index || (_retries.HasRetried && await WasAppliedAsync(cancellationToken)))
            {
                return true;
            }

            if (changes[index] is StateChange.Delete { ETag: null })
            {
                ReplaceDeletionsWithTombstones(actions);
            }
            else if (changes[index] is StateChange.Insert insert
                && await InsertOverExpiredAsync(insert, cancellationToken) is { } replacement)
            {
                actions[index] = replacement;
            }
            else
            {
                return false;
            }
        }

        throw new StateUnavailableException("Rows kept changing while the server tried to apply a batch.", TimeSpan.FromSeconds(1));
    }

    // An expired version counts as absent, so its ETag cannot match.
    private bool CanBeMet(StateChange change)
    {
        var etag = change is StateChange.Replace replace ? replace.ETag : (change as StateChange.Delete)?.ETag;
        return etag is null || RowVersion.Parse(etag).ExpiresAt > clock.Now;
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
    /// Replaces unconditional deletions with writes of an expired row (a tombstone), because Azure refuses a batch that deletes a missing
    /// row. An expired row counts as absent, and the sweep deletes it.
    /// </summary>
    private void ReplaceDeletionsWithTombstones(TableTransactionAction[] actions)
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
    /// Returns an action that inserts a row although a row with the same key was in the way: an insert if that row is gone, or a
    /// replacement if it has expired. Returns <see langword="null"/> when that row is live, so that the insert must fail.
    /// </summary>
    private async Task<TableTransactionAction?> InsertOverExpiredAsync(StateChange.Insert insert, CancellationToken cancellationToken)
    {
        var entity = Entity(insert.Row, insert.Body, insert.ExpiresAt);
        var existing = await table.GetAsync(partition, insert.Row, TableRow.PropertiesWithoutBody, cancellationToken);
        return existing is null ? new(TableTransactionActionType.Add, entity)
            : existing.ExpiresAt() > clock.Now ? null
            : new(TableTransactionActionType.UpdateReplace, entity, existing.ETag);
    }

    /// <summary>
    /// Returns whether an earlier attempt was applied although its response was lost. It is enough to check one row that the batch writes,
    /// because a batch is atomic.
    /// </summary>
    private async Task<bool> WasAppliedAsync(CancellationToken cancellationToken)
    {
        var written = changes.FirstOrDefault(change => change is StateChange.Insert or StateChange.Replace);
        if (written is null)
        {
            var isAnyConditional = changes.Any(change => change is not StateChange.Delete { ETag: null });
            return isAnyConditional ? throw TableStateStore.DeletionResultUnknown() : false;
        }

        var existing = await table.GetAsync(partition, written.Row, TableRow.PropertiesWithoutBody, cancellationToken);
        return existing is not null && existing.IsWriteOf(_writeId);
    }
}
