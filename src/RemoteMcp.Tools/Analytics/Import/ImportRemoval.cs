using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>Removes imports. A removed import stops counting immediately. Its rows are deleted afterwards.</summary>
internal sealed class ImportRemoval(DayRows rows, ImportLog log)
{
    /// <summary>The minimum length of an abbreviated id.</summary>
    public const int MinIdLength = 8;

    /// <summary>Removes an import.</summary>
    /// <param name="id">The id, or a prefix of it that identifies only one import.</param>
    /// <param name="cancellationToken">The token that cancels the operation. Rows that are not deleted yet do not count.</param>
    /// <returns>The record of the removed import.</returns>
    /// <exception cref="ImportException">No import has this id, or the prefix is ambiguous.</exception>
    public async Task<ImportRecord> RunAsync(string id, CancellationToken cancellationToken)
    {
        var found = await log.ReadAsync(cancellationToken)
            .Where(import => !import.Record.IsRemoved && import.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase))
            .Take(2)
            .ToListAsync(cancellationToken);
        if (id.Length < MinIdLength || found.Count != 1)
        {
            throw new ImportException($"{SafeText.Quote(id)} does not identify exactly one import. Use at least {MinIdLength} characters "
                + "of an id from 'analytics list'.");
        }

        var record = found[0].Record;
        if (!await log.TryWriteAsync(found[0].Id, found[0], ImportRecord.Removed(record), cancellationToken))
        {
            throw new ImportException("The import changed in the meantime. Check 'analytics list' and try again.");
        }

        await rows.DeleteAsync(record, cancellationToken);
        return record;
    }
}
