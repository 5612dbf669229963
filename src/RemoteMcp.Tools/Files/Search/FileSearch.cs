using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>The parameters of a search.</summary>
/// <param name="Path">A file, or a directory with files to search.</param>
/// <param name="Query">The query, which is matched against each line.</param>
/// <param name="Include">The files to search.</param>
/// <param name="Exclude">The files to skip, and the directories not to enter.</param>
/// <param name="Limit">The maximum number of matches.</param>
/// <param name="After">The position where the search continues.</param>
internal sealed record SearchRequest(
    FilePath Path, LineQuery Query, GlobFilter Include, GlobFilter Exclude, int Limit, PagePosition? After);

/// <summary>
/// Searches a tree of files. The search finds files in order, scans a few of them concurrently, and collects the matches in order. The
/// result is therefore the same every time, and memory holds only the matches of the files that are being scanned.
/// </summary>
/// <param name="store">The file store.</param>
/// <param name="options">The limits.</param>
/// <param name="time">The time provider.</param>
internal sealed class FileSearch(IFileStore store, IOptions<FilesOptions> options, TimeProvider time)
{
    /// <summary>Searches until the page is full, all files are searched, or the time limit is reached.</summary>
    /// <exception cref="FileProblemException">The path cannot be searched.</exception>
    public async Task<SearchPage> RunAsync(
        SearchRequest request, IProgress<ProgressNotificationValue>? progress, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Value.TimeLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        await using var searchProgress = new SearchProgress(progress, time);
        var page = new SearchPage(request, searchProgress);
        var scanner = new FileScanner(store, request.Query);
        var candidates = new Candidates(store, request);
        var running = new Queue<Task<FileScan>>();
        try
        {
            await foreach (var candidate in candidates.FindAsync(stop.Token))
            {
                if (running.Count == options.Value.Parallelism && !page.Add(await running.Dequeue()))
                {
                    break;
                }

                running.Enqueue(Task.Run(() => scanner.ScanAsync(candidate, request.Limit, stop.Token), CancellationToken.None));
            }

            await AddRemainingAsync(page, running);
            if (page.Cut == SearchCut.None)
            {
                page.Complete();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await AddRemainingAsync(page, running);
            if (page.Cut == SearchCut.None)
            {
                page.EndAtTimeLimit(candidates.LastSeen);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // If the caller canceled the search, it gets no partial result.
        cancellationToken.ThrowIfCancellationRequested();
        return page;
    }

    private static async Task AddRemainingAsync(SearchPage page, Queue<Task<FileScan>> running)
    {
        while (page.Cut == SearchCut.None && running.TryDequeue(out var scan))
        {
            page.Add(await scan);
        }
    }

    private sealed class Candidates(IFileStore store, SearchRequest request)
    {
        /// <summary>Gets the last file that was found, even if it does not match the globs.</summary>
        public string? LastSeen { get; private set; }

        public async IAsyncEnumerable<Candidate> FindAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var start = await store.GetAsync(request.Path, cancellationToken);
            if (start.Kind == FileKind.Other)
            {
                throw new FileProblemException(FileProblem.NotRegular, request.Path);
            }

            var before = request.After;
            if (start.Kind == FileKind.File)
            {
                if (before is not { Line: 0 })
                {
                    yield return new Candidate(start.Path, before?.Line ?? 0, before);
                }

                yield break;
            }

            if (before is { Line: > 0 } partlySearched && FilePath.TryParse(partlySearched.Path, out var path, out _))
            {
                yield return new Candidate(path, partlySearched.Line, before);
                before = partlySearched with { Line = 0 };
            }

            var files = store.WalkAsync(
                start.Path, before?.Path, directory => !request.Exclude.IsMatch(directory, start.Path), cancellationToken);
            await foreach (var file in files)
            {
                if (request.Include.IsMatch(file.Path, start.Path) && !request.Exclude.IsMatch(file.Path, start.Path))
                {
                    yield return new Candidate(file.Path, 0, before);
                }

                before = new PagePosition(file.Path.Value, 0);
                LastSeen = file.Path.Value;
            }
        }
    }
}
