using System.Text.Json;
using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests the results of <c>list_directory</c> with a real client.</summary>
public sealed class ListDirectoryToolTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_directory_is_listed_with_types_and_sizes_and_hidden_names()
    {
        _folder.Write("src/a.cs", "x")
            .Write("README.md", "hello")
            .Write(".git/HEAD", "x")
            .Write("node_modules/m.js", "x")
            .Link("link", "README.md");
        await using var server = await FileServer.StartAsync(_folder.Root);

        var result = await server.CallAsync("list_directory", new { }, cancellationToken: TestContext.Current.CancellationToken);

        var answer = result.StructuredContent!.Value;
        Assert.Equal(
            [(".git", "directory"), ("README.md", "file"), ("link", "link"), ("node_modules", "directory"), ("src", "directory")],
            Entries(answer));
        Assert.Equal(5, answer.GetProperty("entries")[1].GetProperty("size").GetInt64());
        Assert.False(answer.GetProperty("truncated").GetBoolean());
        Assert.Contains("README.md  5 bytes", ToolServer.TextOf(result));
        Assert.Contains("src/", ToolServer.TextOf(result));
    }

    [Fact]
    public async Task Paths_of_a_listed_subdirectory_work_in_the_other_tools()
    {
        _folder.Write("src/lib/a.cs", "x");
        await using var server = await FileServer.StartAsync(_folder.Root);

        var path = Entries(await server.AnswerAsync("list_directory", new { path = "src/lib/" })).Single().Path;

        Assert.Equal("src/lib/a.cs", path);
        Assert.Equal("x", (await server.AnswerAsync("read_file", new { path })).GetProperty("content").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_hold_every_entry_once_and_in_order(bool recursive)
    {
        for (var i = 0; i < 25; i++)
        {
            _folder.Write($"f{i}", "").Write($"d{i % 4}/f{i}", "");
        }

        await using var server = await FileServer.StartAsync(_folder.Root);
        var all = new List<string>();
        string? cursor = null;
        do
        {
            var page = await server.AnswerAsync("list_directory", new { recursive, limit = 4, cursor });
            all.AddRange(Entries(page).Select(entry => entry.Path));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
            Assert.Equal(cursor is not null, page.GetProperty("truncated").GetBoolean());
        }
        while (cursor is not null);

        Assert.Equal(recursive ? 50 : 29, all.Count);
        Assert.Equal(all.Distinct().Order(StringComparer.Ordinal), all);
    }

    [Fact]
    public async Task Files_are_found_by_name_in_the_whole_tree()
    {
        _folder.Write("a/deep/appsettings.json", "")
            .Write("appsettings.Development.json", "")
            .Write("node_modules/x/appsettings.json", "")
            .Write("a/other.json", "");
        await using var server = await FileServer.StartAsync(_folder.Root);

        var found = await server.AnswerAsync("list_directory", new { recursive = true, file_pattern = "appsettings*.json" });
        var everything = await server.AnswerAsync(
            "list_directory", new { recursive = true, file_pattern = "appsettings*.json", exclude_pattern = "" });

        Assert.Equal(["a/deep/appsettings.json", "appsettings.Development.json"], Entries(found).Select(entry => entry.Path));
        Assert.Equal(3, Entries(everything).Length);
    }

    [Fact]
    public async Task Cursor_of_other_arguments_and_made_up_cursor_are_refused()
    {
        _folder.Write("a/1", "").Write("a/2", "").Write("b/1", "").Write("b/2", "");
        await using var server = await FileServer.StartAsync(_folder.Root);
        var cursor = (await server.AnswerAsync("list_directory", new { path = "a", limit = 1 })).GetProperty("next_cursor").GetString()!;

        object[] requests =
        [
            new { path = "b", cursor },
            new { path = "a", cursor = "made-up" },
            new { path = "a", cursor = "!!" },
            new { path = "a", cursor = cursor[..^3] + "AAA" },
            new { cursor = new string('A', 100_000) },
        ];
        foreach (var arguments in requests)
        {
            Assert.StartsWith("cursor: ", await server.RefusalAsync("list_directory", arguments));
        }

        Assert.Equal("a/2", Entries(await server.AnswerAsync("list_directory", new { path = "a", limit = 5, cursor })).Single().Path);
    }

    [Fact]
    public async Task File_cannot_be_listed_as_a_directory()
    {
        _folder.Write("a.txt", "x");
        await using var server = await FileServer.StartAsync(_folder.Root);

        Assert.Contains("'a.txt' is a file", await server.RefusalAsync("list_directory", new { path = "a.txt" }));
        Assert.Contains("'a.txt' is a file", await server.RefusalAsync("list_directory", new { path = "a.txt", recursive = true }));
    }

    public void Dispose() => _folder.Dispose();

    private static (string Path, string Type)[] Entries(JsonElement answer) =>
    [
        .. answer.GetProperty("entries").EnumerateArray()
            .Select(entry => (entry.GetProperty("path").GetString()!, entry.GetProperty("type").GetString()!)),
    ];
}
