using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Tools.Analytics.Import;

/// <summary>
/// Imports a file of events. The content of the file determines the id of the import and its rows. The rows count when the row of the
/// import is written, with one insert after all other rows. A file therefore counts once, and completely or not at all, even if it is
/// imported repeatedly or concurrently, or if an import is interrupted.
/// </summary>
internal sealed class CsvImport(DayRows rows, ImportLog log, IOptions<AnalyticsOptions> options, TimeProvider time)
{
    private const int LinesBetweenReports = 10_000;

    /// <summary>Imports a file.</summary>
    /// <exception cref="ImportException">The file cannot be imported. None of its events count.</exception>
    /// <exception cref="IOException">The file cannot be read. None of its events count.</exception>
    /// <exception cref="Storage.StateUnavailableException">
    /// The storage does not respond. None of the events count, and another attempt continues the import.
    /// </exception>
    public async Task<ImportReport> RunAsync(ImportRequest request, IProgress<ImportProgress> progress, CancellationToken cancellationToken)
    {
        var file = new FileInfo(request.Path);
        var id = await EventFile.HashAsync(file, cancellationToken);
        var existing = request.DryRun ? null : await log.FindAsync(id, cancellationToken);
        if (existing is { Record.IsRemoved: false })
        {
            return new(ImportOutcome.AlreadyImported, id, existing.Record, new BadLines(), []);
        }

        var rowsId = RowsId(id, existing?.Record.Removals ?? 0);
        if (request.DryRun || request.Strict)
        {
            var check = await ReadAsync(file, id, rowsId, static (_, _) => Task.CompletedTask, checking: true, progress, cancellationToken);
            if (request.DryRun)
            {
                return check;
            }

            if (check.Bad.Count > 0)
            {
                return check with { Outcome = ImportOutcome.Refused };
            }
        }

        var read = await WriteAsync(file, id, rowsId, existing, progress, cancellationToken);
        if (read.Import.Events == 0)
        {
            return read with { Outcome = ImportOutcome.Refused };
        }

        var record = read.Import with { Removals = existing?.Record.Removals ?? 0 };
        return await log.TryWriteAsync(id, existing, record, cancellationToken)
            ? read with { Outcome = ImportOutcome.Imported }
            : await ResolveConflictAsync(read, record, cancellationToken);
    }

    /// <summary>Reads the file and writes its rows. They do not count until the record of the import is written.</summary>
    private async Task<ImportReport> WriteAsync(
        FileInfo file,
        string id,
        string rowsId,
        LoggedImport? existing,
        IProgress<ImportProgress> progress,
        CancellationToken cancellationToken)
    {
        var written = false;
        try
        {
            return await ReadAsync(file, id, rowsId, (newRows, cancel) =>
            {
                written = true;
                return rows.WriteAsync(newRows, cancel);
            }, checking: false, progress, cancellationToken);
        }
        catch (ImportException) when (written)
        {
            // The file may have changed during the import, so the rows may be of other content. The next import of this content uses a new
            // id for its rows.
            var abandoned = existing?.Record ?? Record(file, rowsId, new BadLines(), new Dictionary<string, ImportedMetric>());
            await log.TryWriteAsync(id, existing, ImportRecord.Removed(abandoned), cancellationToken);
            throw;
        }
    }

    /// <summary>
    /// Returns the report if another process imported or removed the same file at the same time, and wrote its record first.
    /// </summary>
    private async Task<ImportReport> ResolveConflictAsync(ImportReport read, ImportRecord own, CancellationToken cancellationToken)
    {
        if (await log.FindAsync(read.Id, cancellationToken) is not { Record: { IsRemoved: false } winner })
        {
            throw new ImportException("The import was removed while it was running. To import the file, run it again.");
        }

        if (winner.RowsId != own.RowsId)
        {
            await rows.DeleteAsync(own, cancellationToken);
        }

        return read with { Outcome = ImportOutcome.AlreadyImported, Import = winner };
    }

    /// <summary>Reads the file, adds its events up, and passes the rows to a callback.</summary>
    private async Task<ImportReport> ReadAsync(
        FileInfo file,
        string id,
        string rowsId,
        Func<List<NewDayRow>, CancellationToken, Task> write,
        bool checking,
        IProgress<ImportProgress> progress,
        CancellationToken cancellationToken)
    {
        var bad = new BadLines();
        using var sha = SHA256.Create();
        await using var bytes = await EventFile.OpenAsync(file, cancellationToken);
        var length = bytes.Length;
        // The bytes are hashed again, because the file can change after its id was computed.
        await using var hashed = new CryptoStream(bytes, sha, CryptoStreamMode.Read);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);
        await using var events = await CsvEvents.OpenAsync(hashed, bad, zone, cancellationToken);
        var totals = new DayTotals(events.Dimensions, rowsId);
        for (long next = LinesBetweenReports; await events.ReadAsync(cancellationToken);)
        {
            if (!totals.TryAdd(events.Current))
            {
                bad.Add(events.Lines, $"metric: '{events.Current.Metric}' exceeds the maximum number of metrics. A file can have "
                    + $"{DayTotals.MaxMetrics}. Move some to another file.");
            }

            if (totals.IsFull)
            {
                await write(totals.TakeRows(), cancellationToken);
            }

            if (events.Lines >= next)
            {
                if (bytes.Position > length)
                {
                    throw EventFile.Changed();
                }

                progress.Report(new ImportProgress(checking, bytes.Position, bytes.Length, events.Lines));
                next = events.Lines + LinesBetweenReports;
            }
        }

        if (!sha.Hash.AsSpan().SequenceEqual(Convert.FromHexString(id)))
        {
            throw EventFile.Changed();
        }

        await write(totals.TakeRows(), cancellationToken);
        progress.Report(new ImportProgress(checking, bytes.Position, bytes.Length, events.Lines));
        return new(ImportOutcome.Checked, id, Record(file, rowsId, bad, totals.Metrics), bad, totals.Merged);
    }

    private ImportRecord Record(FileInfo file, string rowsId, BadLines bad, IReadOnlyDictionary<string, ImportedMetric> metrics) => new()
    {
        File = file.Name,
        ImportedAt = time.GetUtcNow(),
        TimeZone = options.Value.TimeZone,
        RowsId = rowsId,
        BadLines = bad.Count,
        Metrics = metrics,
    };

    /// <summary>
    /// Returns the id in the keys of the rows. It is a hash of everything that determines the rows of a file, and of how often the import
    /// was removed.
    /// </summary>
    private string RowsId(string id, int removals) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{id} {options.Value.TimeZone} {DayTotals.Version} {removals}"))))[..32];
}
