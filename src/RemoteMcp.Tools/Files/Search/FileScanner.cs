using System.Collections.Concurrent;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Text;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>Searches one file at each call. Calls can run concurrently.</summary>
/// <param name="store">The file store.</param>
/// <param name="query">The query.</param>
internal sealed class FileScanner(IFileStore store, LineQuery query)
{
    // The copies of the query that no scan uses now. Each scan needs its own copy, because a query is not thread-safe.
    private readonly ConcurrentBag<LineQuery> _idleQueries = [query];

    /// <summary>Searches one file.</summary>
    /// <param name="file">The file, and the line to start after.</param>
    /// <param name="limit">The maximum number of matches to find.</param>
    /// <param name="stop">The token that ends the scan early. The scan then returns the matches that it found.</param>
    public async Task<FileScan> ScanAsync(Candidate file, int limit, CancellationToken stop)
    {
        var matches = new List<SearchMatch>();
        if (!_idleQueries.TryTake(out var ownQuery))
        {
            ownQuery = query.Clone();
        }

        long line = 0;
        try
        {
            await using var content = await store.OpenAsync(file.Path, offset: 0, stop);
            using var reader = new LineReader(content.Stream, overlap: LineQuery.MaxLength);
            while (await reader.FillAsync(stop))
            {
                while (reader.TryRead(out var piece))
                {
                    stop.ThrowIfCancellationRequested();
                    line = reader.LineNumber;
                    if (line <= file.AfterLine || matches is [.., var last] && last.Line == line)
                    {
                        continue;
                    }

                    piece = piece.TrimEnd("\r\n");
                    var index = ownQuery.IndexIn(piece);
                    if (index < 0)
                    {
                        continue;
                    }

                    matches.Add(new SearchMatch(file.Path.Value, line, reader.PieceOffset + index + 1, Excerpt.Around(piece, index)));
                    if (matches.Count == limit)
                    {
                        return new FileScan(file, ScanEnd.Full, matches, line);
                    }
                }
            }

            return new FileScan(file, reader.Encoding is null ? ScanEnd.Skipped : ScanEnd.Complete, matches, line);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new FileScan(file, ScanEnd.Interrupted, matches, line);
        }
        catch (Exception exception) when (exception is FileProblemException or IOException)
        {
            return new FileScan(file, ScanEnd.Skipped, [], line);
        }
        finally
        {
            _idleQueries.Add(ownQuery);
        }
    }
}
