using RemoteMcp.Storage;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>An import, and the row that says so.</summary>
internal sealed record LoggedImport(string Id, ImportRecord Record, string ETag);

/// <summary>The files that were imported: what counts, and the one place where that is decided.</summary>
internal sealed class ImportLog(IStateStore store)
{
    /// <summary>All imports that count, and those that were removed.</summary>
    public IAsyncEnumerable<LoggedImport> ReadAsync(CancellationToken cancellationToken) =>
        store.QueryAsync(AnalyticsTable.Name, AnalyticsTable.Imports, default, cancellationToken).Select(ToImport);

    /// <summary>One import, by the SHA-256 of its file.</summary>
    public async Task<LoggedImport?> FindAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync(Key(id), cancellationToken) is { } row ? ToImport(row) : null;

    /// <summary>Makes an import count, unless its row has changed since it was looked for.</summary>
    /// <param name="id">The SHA-256 of its file.</param>
    /// <param name="before">What was there before; <see langword="null"/> for nothing.</param>
    /// <param name="record">What it has.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>Whether it counts by this call.</returns>
    public async Task<bool> TryWriteAsync(string id, LoggedImport? before, ImportRecord record, CancellationToken cancellationToken)
    {
        BinaryData body = RowBody.Write(record);
        return before is null
            ? await store.TryInsertAsync(Key(id), body, AnalyticsTable.Never, cancellationToken) is not null
            : await store.TryReplaceAsync(Key(id), before.ETag, body, AnalyticsTable.Never, cancellationToken) is not null;
    }

    private static StateKey Key(string id) => new(AnalyticsTable.Name, AnalyticsTable.Imports, id);

    private static LoggedImport ToImport(StateRow row) => new(row.Key.Row, RowBody.ReadImport(row.Body), row.ETag);
}
