using RemoteMcp.Tools.Files;
using RemoteMcp.Tools.Files.Search;
using RemoteMcp.Tools.Files.Store;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests the order, the pages, and the scope of a search.</summary>
public sealed class FileSearchTests : SearchBench
{
    [Fact]
    public async Task Matches_are_in_order_regardless_of_the_scan_order()
    {
        for (var i = 0; i < 200; i++)
        {
            Store.Write($"d{i % 7}/f{i:D3}", "needle\nhay\nneedle");
        }

        // Files whose names end in 4 take longer than the files after them.
        Store.OnOpen = async (path, _, _) =>
        {
            if (path.Value.EndsWith('4'))
            {
                await Task.Yield();
                await Task.Run(() => Thread.SpinWait(50_000), Token);
            }
        };

        var page = await SearchAsync("needle");

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
        for (var i = 0; i < 30; i++)
        {
            Store.Write(
                $"{(char)('a' + i % 5)}/f{i}", string.Join('\n', Enumerable.Range(1, i).Select(n => n % 2 == 0 ? "needle" : "hay")));
        }

        var all = new List<SearchMatch>();
        PagePosition? next = null;
        do
        {
            var page = await SearchAsync("needle", limit: limit, after: next);
            Assert.InRange(page.Matches.Count, 0, limit);
            all.AddRange(page.Matches);
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal((await SearchAsync("needle")).Matches, all);
        Assert.Equal(Enumerable.Range(0, 30).Sum(i => i / 2), all.Count);
    }

    [Fact]
    public async Task Next_page_works_if_the_last_file_of_the_page_is_gone()
    {
        Store.Write("a", "needle\nneedle").Write("b", "needle");
        var next = (await SearchAsync("needle", limit: 1)).Next;
        Store.OnOpen = (path, _, _) => path.Value == "a" ? throw new FileProblemException(FileProblem.NotFound, path) : Task.CompletedTask;

        var page = await SearchAsync("needle", after: next);

        Assert.Equal(["b"], page.Matches.Select(match => match.Path));
        Assert.Equal(1, page.FilesSkipped);
    }

    [Fact]
    public async Task Excluded_directories_are_not_entered_and_excluded_files_are_not_opened()
    {
        Store.Write("a/x.cs", "needle").Write("a/x.txt", "needle").Write("node_modules/m/x.cs", "needle").Write("a/.git/x.cs", "needle");

        var page = await SearchAsync("needle", include: "*.cs");

        Assert.Equal(["a/x.cs"], page.Matches.Select(match => match.Path));
        Assert.Equal(1, Store.Opened);
        Assert.Equal(3, (await SearchAsync("needle", include: "*.cs", exclude: "")).Matches.Count);
    }

    [Fact]
    public async Task Search_fails_only_if_its_start_path_is_invalid()
    {
        Store.Write("a", "needle").Write("b", "needle").Write("c", [1, 0, 2]);
        Store.OnOpen = (path, _, _) => path.Value == "a" ? throw new IOException("gone") : Task.CompletedTask;

        var page = await SearchAsync("needle");

        Assert.Equal((1, 1, 2), (page.Matches.Count, page.FilesSearched, page.FilesSkipped));
        await Assert.ThrowsAsync<FileProblemException>(() => SearchAsync("needle", path: "nope"));
    }
}
