using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol;
using RemoteMcp.Tools.Files;
using RemoteMcp.Tools.Files.Search;
using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>The search itself: order, pages, bounds, and how it ends early.</summary>
public sealed class FileSearchTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly MemoryFileStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Matches_are_in_order_whatever_file_is_scanned_first()
    {
        for (int i = 0; i < 200; i++)
        {
            _store.Write($"d{i % 7}/f{i:D3}", "needle\nhay\nneedle");
        }

        // Every fourth file takes longer than those behind it.
        _store.OnOpen = async (path, _, _) =>
        {
            if (path.Value.EndsWith('4'))
            {
                await Task.Yield();
                await Task.Run(() => Thread.SpinWait(50_000), Token);
            }
        };

        SearchPage page = await SearchAsync("needle");

        (string Path, long Line)[] found = [.. page.Matches.Select(match => (match.Path, match.Line))];
        Assert.Equal(400, found.Length);
        Assert.Equal([.. found.OrderBy(match => match.Path, StringComparer.Ordinal).ThenBy(match => match.Line)], found);
        Assert.Equal((200, 0, SearchCut.None), (page.FilesSearched, page.FilesSkipped, page.Cut));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Pages_of_any_size_hold_every_match_once_and_in_order(int limit)
    {
        for (int i = 0; i < 30; i++)
        {
            _store.Write($"{(char)('a' + i % 5)}/f{i}", string.Join('\n', Enumerable.Range(1, i).Select(n => n % 2 == 0 ? "needle" : "hay")));
        }

        var all = new List<SearchMatch>();
        SearchPosition? next = null;
        do
        {
            SearchPage page = await SearchAsync("needle", limit: limit, after: next);
            Assert.InRange(page.Matches.Count, 0, limit);
            all.AddRange(page.Matches);
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal((await SearchAsync("needle")).Matches, all);
        Assert.Equal(Enumerable.Range(0, 30).Sum(i => i / 2), all.Count);
    }

    [Fact]
    public async Task A_page_goes_on_when_the_file_it_ended_in_is_gone()
    {
        _store.Write("a", "needle\nneedle").Write("b", "needle");
        SearchPosition? next = (await SearchAsync("needle", limit: 1)).Next;
        _store.OnOpen = (path, _, _) => path.Value == "a" ? throw new FileProblemException(FileProblem.NotFound, path) : Task.CompletedTask;

        SearchPage page = await SearchAsync("needle", after: next);

        Assert.Equal(["b"], page.Matches.Select(match => match.Path));
        Assert.Equal(1, page.FilesSkipped);
    }

    [Fact]
    public async Task A_cancelled_search_opens_no_more_files_than_it_scans_at_a_time()
    {
        const int Parallelism = 4;
        const int CancelAt = 50;
        WriteMany(5000);
        using var cancel = new CancellationTokenSource();
        _store.OnOpen = (_, count, _) => count == CancelAt ? cancel.CancelAsync() : Task.CompletedTask;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SearchAsync("needle", parallelism: Parallelism, cancellationToken: cancel.Token));

        Assert.InRange(_store.Opened, CancelAt, CancelAt + Parallelism);
    }

    [Fact]
    public async Task A_full_page_opens_no_more_files_than_it_needs()
    {
        WriteMany(5000, "needle");

        SearchPage page = await SearchAsync("needle", limit: 10, parallelism: 4);

        Assert.Equal(SearchCut.Limit, page.Cut);
        Assert.InRange(_store.Opened, 10, 10 + 4);
    }

    [Fact]
    public async Task A_search_whose_time_is_up_says_so_and_goes_on_where_it_was()
    {
        WriteMany(100, "needle");
        _store.OnOpen = (_, count, _) =>
        {
            _clock.Advance(count == 30 ? TimeSpan.FromMinutes(2) : TimeSpan.Zero);
            return Task.CompletedTask;
        };

        SearchPage first = await SearchAsync("needle", limit: 1000);
        SearchPage second = await SearchAsync("needle", limit: 1000, after: first.Next);

        Assert.Equal(SearchCut.Time, first.Cut);
        Assert.InRange(first.Matches.Count, 1, 40);
        Assert.Equal(SearchCut.None, second.Cut);
        Assert.Equal(Enumerable.Range(0, 100).Select(Name), first.Matches.Concat(second.Matches).Select(match => match.Path));
    }

    [Fact]
    public async Task A_file_that_takes_all_the_time_is_passed_over_so_that_paging_ends()
    {
        _store.Write("a", "needle").Write("slow", "needle").Write("z", "needle");
        _store.OnOpen = (path, _, _) =>
        {
            _clock.Advance(path.Value == "slow" ? TimeSpan.FromMinutes(2) : TimeSpan.Zero);
            return Task.CompletedTask;
        };

        var found = new List<string>();
        SearchPosition? next = null;
        int pages = 0;
        do
        {
            SearchPage page = await SearchAsync("needle", after: next, parallelism: 1);
            found.AddRange(page.Matches.Select(match => match.Path));
            next = page.Next;
        }
        while (next is not null && ++pages < 10);

        Assert.Null(next);
        Assert.Equal(["a", "z"], found);
    }

    [Fact]
    public async Task Progress_grows_and_comes_every_thousand_files()
    {
        WriteMany(3500);
        var reports = new List<float>();

        await SearchAsync("needle", progress: new Recorder(reports));

        Assert.Equal([1000f, 2000f, 3000f], reports);
    }

    [Fact]
    public async Task Progress_comes_every_second_when_files_are_slow()
    {
        WriteMany(10);
        _store.OnOpen = (_, _, _) =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };
        var reports = new List<float>();

        await SearchAsync("needle", parallelism: 1, progress: new Recorder(reports));

        Assert.Equal(Enumerable.Range(1, 10).Select(n => (float)n), reports);
    }

    [Fact]
    public async Task Directories_left_out_are_not_entered_and_files_left_out_not_opened()
    {
        _store.Write("a/x.cs", "needle").Write("a/x.txt", "needle").Write("node_modules/m/x.cs", "needle").Write("a/.git/x.cs", "needle");

        SearchPage page = await SearchAsync("needle", include: "*.cs");

        Assert.Equal(["a/x.cs"], page.Matches.Select(match => match.Path));
        Assert.Equal(1, _store.Opened);
        Assert.Equal(3, (await SearchAsync("needle", include: "*.cs", exclude: "")).Matches.Count);
    }

    [Fact]
    public async Task Only_the_start_of_the_search_can_fail_it()
    {
        _store.Write("a", "needle").Write("b", "needle").Write("c", [1, 0, 2]);
        _store.OnOpen = (path, _, _) => path.Value == "a" ? throw new IOException("gone") : Task.CompletedTask;

        SearchPage page = await SearchAsync("needle");

        Assert.Equal((1, 1, 2), (page.Matches.Count, page.FilesSearched, page.FilesSkipped));
        await Assert.ThrowsAsync<FileProblemException>(() => SearchAsync("needle", path: "nope"));
    }

    private static string Name(int i) => $"d{i / 100:D2}/f{i:D5}";

    private void WriteMany(int count, string content = "hay")
    {
        for (int i = 0; i < count; i++)
        {
            _store.Write(Name(i), content);
        }
    }

    private Task<SearchPage> SearchAsync(
        string query, string path = ".", string include = "*", string exclude = "{.git,node_modules}", int limit = 1000, SearchPosition? after = null,
        int parallelism = 4, IProgress<ProgressNotificationValue>? progress = null, CancellationToken? cancellationToken = null)
    {
        var search = new FileSearch(_store, Options.Create(new FilesOptions { Parallelism = parallelism }), _clock);
        Assert.True(FilePath.TryParse(path, out FilePath start, out _));
        return search.RunAsync(
            new SearchRequest(start, LineQuery.Parse(query, isRegex: false, caseSensitive: true), GlobFilter.Including(include, "i"), GlobFilter.Excluding(exclude, "e"), limit, after),
            progress, cancellationToken ?? Token);
    }

    private sealed class Recorder(List<float> reports) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => reports.Add(value.Progress);
    }
}
