using Microsoft.Extensions.Options;
using ModelContextProtocol;
using RemoteMcp.Tools.Files;
using RemoteMcp.Tools.Files.Search;
using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests how a search ends early, and the progress that it reports.</summary>
public sealed class FileSearchBoundsTests : SearchBench
{
    [Fact]
    public async Task Cancelled_search_opens_no_more_files_than_it_scans_concurrently()
    {
        const int Parallelism = 4;
        const int CancelAt = 50;
        WriteMany(5000);
        using var cancel = new CancellationTokenSource();
        Store.OnOpen = (_, count, _) =>
        {
            if (count == CancelAt)
            {
                // CancelAsync would cancel the search on the thread pool at an unknown time.
                cancel.Cancel();
            }

            return Task.CompletedTask;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => SearchAsync("needle", parallelism: Parallelism, cancellationToken: cancel.Token));

        Assert.InRange(Store.Opened, CancelAt, CancelAt + Parallelism);
    }

    [Fact]
    public async Task A_full_page_opens_no_more_files_than_it_needs()
    {
        WriteMany(5000, "needle");

        var page = await SearchAsync("needle", limit: 10, parallelism: 4);

        Assert.Equal(SearchCut.Limit, page.Cut);
        Assert.InRange(Store.Opened, 10, 10 + 4);
    }

    [Fact]
    public async Task Search_that_reaches_its_time_limit_says_so_and_can_be_continued()
    {
        WriteMany(100, "needle");
        Store.OnOpen = (_, count, _) =>
        {
            Clock.Advance(count == 30 ? TimeSpan.FromMinutes(2) : TimeSpan.Zero);
            return Task.CompletedTask;
        };

        var first = await SearchAsync("needle", limit: 1000);
        var second = await SearchAsync("needle", limit: 1000, after: first.Next);

        Assert.Equal(SearchCut.Time, first.Cut);
        Assert.InRange(first.Matches.Count, 1, 40);
        Assert.Equal(SearchCut.None, second.Cut);
        Assert.Equal(Enumerable.Range(0, 100).Select(Name), first.Matches.Concat(second.Matches).Select(match => match.Path));
    }

    [Fact]
    public async Task File_that_takes_the_whole_time_limit_is_skipped_so_that_paging_ends()
    {
        Store.Write("a", "needle").Write("slow", "needle").Write("z", "needle");
        Store.OnOpen = (path, _, _) =>
        {
            Clock.Advance(path.Value == "slow" ? TimeSpan.FromMinutes(2) : TimeSpan.Zero);
            return Task.CompletedTask;
        };

        var found = new List<string>();
        PagePosition? next = null;
        var pages = 0;
        do
        {
            var page = await SearchAsync("needle", after: next, parallelism: 1);
            found.AddRange(page.Matches.Select(match => match.Path));
            next = page.Next;
        }
        while (next is not null && ++pages < 10);

        Assert.Null(next);
        Assert.Equal(["a", "z"], found);
    }

    [Fact]
    public async Task Progress_increases_and_is_reported_every_thousand_files()
    {
        WriteMany(3500);
        var reports = new List<float>();

        await SearchAsync("needle", progress: new Recorder(reports));

        Assert.Equal([1000f, 2000f, 3000f], reports);
    }

    [Fact]
    public async Task Progress_is_reported_every_second_if_files_are_slow()
    {
        WriteMany(10);
        Store.OnOpen = (_, _, _) =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };
        var reports = new List<float>();

        await SearchAsync("needle", parallelism: 1, progress: new Recorder(reports));

        Assert.Equal(Enumerable.Range(1, 10).Select(n => (float)n), reports);
    }

    [Fact]
    public async Task Progress_is_reported_while_a_slow_file_is_searched()
    {
        WriteMany(3);
        Store.OnOpen = (path, _, _) =>
        {
            for (var second = 0; path.Value == Name(1) && second < 10; second++)
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
            }

            return Task.CompletedTask;
        };
        var reports = new List<float>();

        await SearchAsync("needle", parallelism: 1, progress: new Recorder(reports));
        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(4, reports.Count);
        Assert.Equal(reports.Distinct().Order(), reports);
        Assert.All(reports[..3], static report => Assert.InRange(report, 1, 2));
        Assert.Equal(2, reports[3]);
    }

    [Fact]
    public async Task File_that_was_not_searched_in_time_is_searched_by_the_next_page()
    {
        Store.Write("a", "needle\nneedle").Write("b", "needle").Write("c", "needle");
        var next = (await SearchAsync("needle", limit: 1)).Next;
        Store.OnOpen = (path, _, _) =>
        {
            Clock.Advance(path.Value == "b" ? TimeSpan.FromMinutes(2) : TimeSpan.Zero);
            return Task.CompletedTask;
        };

        var second = await SearchAsync("needle", after: next, parallelism: 1);
        Store.OnOpen = static (_, _, _) => Task.CompletedTask;
        var third = await SearchAsync("needle", after: second.Next);

        Assert.Equal((SearchCut.Time, 0), (second.Cut, second.FilesSkipped));
        Assert.Equal([("a", 2L), ("b", 1L), ("c", 1L)], second.Matches.Concat(third.Matches).Select(match => (match.Path, match.Line)));
    }

    [Fact]
    public async Task Reading_and_listing_have_a_time_limit_too()
    {
        WriteMany(10);
        Store.OnOpen = (_, _, _) =>
        {
            Clock.Advance(TimeSpan.FromMinutes(2));
            return Task.CompletedTask;
        };
        Store.OnFound = path => Clock.Advance(path.Value == Name(5) ? TimeSpan.FromMinutes(2) : TimeSpan.Zero);
        var options = Options.Create(new FilesOptions());

        var refusal = await Assert.ThrowsAsync<McpException>(
            () => new ReadFileTool(Store, options, Clock).ReadAsync(Name(0), new Recorder([]), offset: 7, cancellationToken: Token));
        var listing = await new ListDirectoryTool(Store, options, Clock).ListAsync(
            new Recorder([]), recursive: true, cancellationToken: Token);

        Assert.Contains("line 7, column 1 was not reached", refusal.Message);
        Assert.True(listing.StructuredContent!.Value.GetProperty("truncated").GetBoolean());
        Assert.Equal(5, listing.StructuredContent!.Value.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Progress_is_reported_during_slow_reading_and_listing()
    {
        WriteMany(10);
        Store.OnOpen = (_, _, _) =>
        {
            Clock.Advance(TimeSpan.FromSeconds(7));
            return Task.CompletedTask;
        };
        Store.OnFound = path => Clock.Advance(path.Value == Name(5) ? TimeSpan.FromSeconds(10) : TimeSpan.Zero);
        var options = Options.Create(new FilesOptions());
        var (reading, listing) = (new List<float>(), new List<float>());

        await new ReadFileTool(Store, options, Clock).ReadAsync(Name(0), new Recorder(reading), cancellationToken: Token);
        await new ListDirectoryTool(Store, options, Clock).ListAsync(new Recorder(listing), recursive: true, cancellationToken: Token);
        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(2, reading.Count);
        Assert.Equal(3, listing.Count);
    }

    [Fact]
    public async Task A_scan_stops_between_lines_and_not_only_between_reads()
    {
        using var stop = new CancellationTokenSource();
        Store.Write("f", string.Concat(Enumerable.Repeat("needle\n", 1000)));
        Store.OpenStream = content => new CancelsWhenRead(content, stop);
        var scanner = new FileScanner(Store, LineQuery.Parse("needle", isRegex: false, caseSensitive: true));
        Assert.True(FilePath.TryParse("f", out var file, out _));

        var scan = await scanner.ScanAsync(new Candidate(file, AfterLine: 0, Before: null), limit: 1000, stop.Token);

        Assert.Equal((ScanEnd.Interrupted, 0), (scan.End, scan.Matches.Count));
    }

    private sealed class CancelsWhenRead(byte[] content, CancellationTokenSource stop) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, CancellationToken.None);
            await stop.CancelAsync();
            return count;
        }
    }
}
