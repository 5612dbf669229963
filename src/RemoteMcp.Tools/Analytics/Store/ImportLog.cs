using RemoteMcp.Storage;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>An import with the id and the ETag of its row.</summary>
internal sealed record LoggedImport(string Id, ImportRecord Record, string ETag);

/// <summary>The log of the imported files. Only this log determines which imports count.</summary>
internal sealed class ImportLog(IStateStore store)
{
    /// <summary>Reads all imports, including those that were removed.</summary>
    public IAsyncEnumerable<LoggedImport> ReadAsync(CancellationToken cancellationToken) =>
        store.QueryAsync(AnalyticsTable.Name, AnalyticsTable.Imports, default, cancellationToken).Select(ToImport);

    /// <summary>Finds an import by the SHA-256 of its file.</summary>
    public async Task<LoggedImport?> FindAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync(Key(id), cancellationToken) is { } row ? ToImport(row) : null;

    /// <summary>Writes the record of an import, so that it counts, unless the row has changed since it was read.</summary>
    /// <param name="id">The SHA-256 of the file.</param>
    /// <param name="before">The row that was read before, or <see langword="null"/> if there was none.</param>
    /// <param name="record">The new record.</param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <returns>Whether this call wrote the record.</returns>
    public async Task<bool> TryWriteAsync(string id, LoggedImport? before, ImportRecord record, CancellationToken cancellationToken)
    {
        var body = RowBody.Write(record);
        return before is null
            ? await store.TryInsertAsync(Key(id), body, AnalyticsTable.Never, cancellationToken) is not null
            : await store.TryReplaceAsync(Key(id), before.ETag, body, AnalyticsTable.Never, cancellationToken) is not null;
    }

    private static StateKey Key(string id) => new(AnalyticsTable.Name, AnalyticsTable.Imports, id);

    private static LoggedImport ToImport(StateRow row) => new(row.Key.Row, RowBody.ReadImport(row.Body), row.ETag);
}
