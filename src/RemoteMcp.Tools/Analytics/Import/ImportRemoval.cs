using RemoteMcp.Tools.Analytics.Store;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>Takes an import back. It counts no more at once; its rows are deleted after that.</summary>
internal sealed class ImportRemoval(DayRows rows, ImportLog log)
{
    /// <summary>The shortest beginning of an id that is taken for it.</summary>
    public const int MinIdLength = 8;

    /// <summary>Removes an import.</summary>
    /// <param name="id">Its id, or as much of the beginning as tells it from others.</param>
    /// <param name="cancellationToken">Stops it; what is left of its rows does not count.</param>
    /// <returns>What it had.</returns>
    /// <exception cref="ImportException">There is none of that id, or more than one.</exception>
    public async Task<ImportRecord> RunAsync(string id, CancellationToken cancellationToken)
    {
        List<LoggedImport> found = await log.ReadAsync(cancellationToken)
            .Where(import => !import.Record.IsRemoved && import.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase))
            .Take(2)
            .ToListAsync(cancellationToken);
        if (id.Length < MinIdLength || found.Count != 1)
        {
            throw new ImportException($"{SafeText.Quote(id)} is not the id of one import. Give at least {MinIdLength} characters of an id that 'analytics list' shows.");
        }

        ImportRecord record = found[0].Record;
        if (!await log.TryWriteAsync(found[0].Id, found[0], ImportRecord.Removed(record), cancellationToken))
        {
            throw new ImportException("The import changed meanwhile. Look at 'analytics list' and try again.");
        }

        await rows.DeleteAsync(record, cancellationToken);
        return record;
    }
}
