using System.Text;
using ModelContextProtocol.Protocol;
using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests the results of <c>read_file</c> with a real client.</summary>
public sealed class ReadFileToolTests : IDisposable
{
    private const int MaxLength = 2000;

    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("")]
    [InlineData("one line")]
    [InlineData("a\r\nb\r\n")]
    [InlineData("a\n\n\nb")]
    public async Task A_small_file_is_read_exactly_as_it_is(string text)
    {
        _folder.Write("f.txt", text);
        await using var server = await StartAsync();

        var result = await server.CallAsync("read_file", new { path = "f.txt" }, cancellationToken: TestContext.Current.CancellationToken);

        var answer = result.StructuredContent!.Value;
        Assert.Equal(text, answer.GetProperty("content").GetString());
        Assert.Equal(text, ToolServer.TextOf(result));
        Assert.False(answer.GetProperty("truncated").GetBoolean());
        Assert.Equal(
            text.Split('\n').Length - (text.EndsWith('\n') || text.Length == 0 ? 1 : 0), answer.GetProperty("total_lines").GetInt64());
        Assert.Equal(text.Length, answer.GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task Reading_on_from_next_offset_gives_the_whole_file()
    {
        var text = string.Concat(Enumerable.Range(1, 2500).Select(n => $"line {n} {new string('x', n % 50)}\n"));
        _folder.Write("f.txt", text);
        await using var server = await StartAsync();
        var read = new StringBuilder();
        long? offset = 1;
        var calls = 0;
        while (offset is not null)
        {
            var page = await server.AnswerAsync("read_file", new { path = "f.txt", offset, limit = 100 });
            Assert.Equal(offset, page.GetProperty("start_line").GetInt64());
            Assert.InRange(page.GetProperty("content").GetString()!.Length, 1, MaxLength);
            read.Append(page.GetProperty("content").GetString());
            offset = page.TryGetProperty("next_offset", out var next) ? next.GetInt64() : null;
            Assert.Equal(offset is not null, page.GetProperty("truncated").GetBoolean());
            calls++;
        }

        Assert.Equal(text, read.ToString());
        Assert.InRange(calls, 26, 80);
    }

    [Fact]
    public async Task Lines_of_a_huge_file_are_read_without_reading_it_into_memory()
    {
        await using (var file = new StreamWriter(_folder.FullPath("huge.log")))
        {
            for (var n = 1; n <= 1_000_000; n++)
            {
                await file.WriteAsync($"entry number {n:D8} of a long log\n".AsMemory(), TestContext.Current.CancellationToken);
            }
        }

        await using var server = await StartAsync();

        var middle = await server.AnswerAsync("read_file", new { path = "huge.log", offset = 500_000, limit = 2 });
        var end = await server.AnswerAsync("read_file", new { path = "huge.log", offset = -2 });
        var last = await server.AnswerAsync("read_file", new { path = "huge.log", offset = 999_999 });

        Assert.Equal(
            "entry number 00500000 of a long log\nentry number 00500001 of a long log\n", middle.GetProperty("content").GetString());
        Assert.Equal(500_002, middle.GetProperty("next_offset").GetInt64());
        Assert.Equal("entry number 00999999 of a long log\nentry number 01000000 of a long log\n", end.GetProperty("content").GetString());
        Assert.False(end.TryGetProperty("start_line", out _));
        Assert.Equal(1_000_000, last.GetProperty("total_lines").GetInt64());
        Assert.Contains("which is 1000000.", await server.RefusalAsync("read_file", new { path = "huge.log", offset = 1_000_001 }));
    }

    [Theory]
    [InlineData(-1, "4")]
    [InlineData(-3, "2\n3\n4")]
    [InlineData(-4, "1\n2\n3\n4")]
    [InlineData(-100, "1\n2\n3\n4")]
    public async Task Negative_offset_reads_the_last_lines(int offset, string expected)
    {
        _folder.Write("f.txt", "1\n2\n3\n4");
        await using var server = await StartAsync();

        var answer = await server.AnswerAsync("read_file", new { path = "f.txt", offset });

        Assert.Equal(expected, answer.GetProperty("content").GetString());
        Assert.Equal(4, answer.GetProperty("end_line").GetInt64());
        Assert.Equal(5 - expected.Split('\n').Length, answer.GetProperty("start_line").GetInt64());
    }

    [Fact]
    public async Task The_end_of_a_large_file_is_read_in_its_encoding()
    {
        var text = string.Concat(Enumerable.Range(1, 20_000).Select(n => $"größer {n}\r\n"));
        foreach (var encoding in (Encoding[])[new UTF8Encoding(false), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32])
        {
            _folder.Write(encoding.WebName, [.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
            await using var server = await StartAsync();

            var answer = await server.AnswerAsync("read_file", new { path = encoding.WebName, offset = -2 });

            Assert.Equal("größer 19999\r\ngrößer 20000\r\n", answer.GetProperty("content").GetString());
            Assert.Equal(encoding.WebName, answer.GetProperty("encoding").GetString());
        }
    }

    [Fact]
    public async Task A_huge_line_is_cut_and_the_rest_and_the_next_one_can_be_read()
    {
        _folder.Write("f.txt", $"first\n{new string('x', 300_000)}\nthird\n").Write("only.txt", new string('y', 300_000));
        await using var server = await StartAsync();

        var first = await server.AnswerAsync("read_file", new { path = "f.txt" });
        var second = await server.AnswerAsync("read_file", new { path = "f.txt", offset = 2 });
        var rest = await server.AnswerAsync("read_file", new { path = "f.txt", offset = 2, column = 299_900 });
        var third = await server.AnswerAsync("read_file", new { path = "f.txt", offset = 3 });
        var only = await server.AnswerAsync("read_file", new { path = "only.txt" });
        var end = await server.AnswerAsync("read_file", new { path = "only.txt", offset = -1 });

        Assert.Equal(("first\n", 2), (first.GetProperty("content").GetString(), first.GetProperty("next_offset").GetInt32()));
        Assert.Equal(
            (new string('x', MaxLength), 2, MaxLength + 1),
            (second.GetProperty("content").GetString(), second.GetProperty("next_offset").GetInt32(),
                second.GetProperty("next_column").GetInt32()));
        Assert.Equal(new string('x', 101) + "\nthird\n", rest.GetProperty("content").GetString());
        Assert.Equal("third\n", third.GetProperty("content").GetString());
        Assert.True(only.GetProperty("truncated").GetBoolean());
        Assert.Equal((1, MaxLength + 1), (only.GetProperty("next_offset").GetInt32(), only.GetProperty("next_column").GetInt32()));
        Assert.True(end.GetProperty("truncated").GetBoolean());
        Assert.Equal(new string('y', MaxLength), end.GetProperty("content").GetString());
    }

    [Fact]
    public async Task Note_about_omitted_lines_is_separate_from_the_text()
    {
        _folder.Write("f.txt", string.Concat(Enumerable.Repeat("line\n", 100)));
        await using var server = await StartAsync();

        var result = await server.CallAsync(
            "read_file", new { path = "f.txt", limit = 3 }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("line\nline\nline\n", Assert.IsType<TextContentBlock>(result.Content[0]).Text);
        Assert.Equal("[Lines 1 to 3. Read on with offset 4.]", Assert.IsType<TextContentBlock>(result.Content[1]).Text);
    }

    [Fact]
    public async Task Metadata_of_a_growing_file_is_of_the_version_that_was_read()
    {
        var store = new MemoryFileStore();
        var text = string.Concat(Enumerable.Range(1, 2000).Select(n => $"line {n}\n"));
        await using var server = await FileServer.StartAsync(store, ("MaxReadLength", $"{MaxLength}"));
        store.Write("log.txt", text);
        var etag = (await server.AnswerAsync("read_file", new { path = "log.txt", offset = -1 })).GetProperty("etag").GetString()!;

        OnSecondOpen(store, () => store.Write("log.txt", text + "more\n"));
        var grown = await server.AnswerAsync("read_file", new { path = "log.txt", offset = -1 });
        store.Write("log.txt", text);
        OnSecondOpen(store, () => store.Write("log.txt", text + "more\n"));
        var refused = await server.RefusalAsync("read_file", new { path = "log.txt", offset = -1, etag });

        Assert.Equal(("more\n", text.Length + 5L), (grown.GetProperty("content").GetString(), grown.GetProperty("size").GetInt64()));
        Assert.NotEqual(etag, grown.GetProperty("etag").GetString());
        Assert.StartsWith("etag: 'log.txt' was changed since", refused);
    }

    [Fact]
    public async Task File_that_shrinks_while_its_end_is_read_is_reported_as_changed()
    {
        var store = new MemoryFileStore();
        await using var server = await FileServer.StartAsync(store, ("MaxReadLength", $"{MaxLength}"));
        store.Write("log.txt", new string('x', 20_000));
        OnSecondOpen(store, () => store.Write("log.txt", new string('x', 15_000)));

        Assert.Contains("changed", await server.RefusalAsync("read_file", new { path = "log.txt", offset = -1 }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_etag_changes_with_the_content()
    {
        _folder.Write("f.txt", "x");
        await using var server = await StartAsync();
        var before = (await server.AnswerAsync("read_file", new { path = "f.txt" })).GetProperty("etag").GetString()!;
        var same = (await server.AnswerAsync("read_file", new { path = "f.txt" })).GetProperty("etag").GetString()!;
        _folder.Write("f.txt", "xy");
        var after = (await server.AnswerAsync("read_file", new { path = "f.txt" })).GetProperty("etag").GetString()!;

        Assert.Equal(before, same);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public async Task Etag_of_an_earlier_version_is_refused_after_a_change()
    {
        _folder.Write("f.txt", "1\n2\n3\n");
        await using var server = await StartAsync();
        var etag = (await server.AnswerAsync("read_file", new { path = "f.txt", limit = 1 })).GetProperty("etag").GetString()!;

        var second = await server.AnswerAsync("read_file", new { path = "f.txt", offset = 2, limit = 1, etag });
        _folder.Write("f.txt", "1\nnew\n3\n");
        var told = await server.RefusalAsync("read_file", new { path = "f.txt", offset = 3, limit = 1, etag });

        Assert.Equal("2\n", second.GetProperty("content").GetString());
        Assert.StartsWith("etag: 'f.txt' was changed since", told);
        Assert.Equal(
            "3\n",
            (await server.AnswerAsync("read_file", new { path = "f.txt", offset = 3, etag = "" })).GetProperty("content").GetString());
        Assert.StartsWith(
            "etag: must be at most 256", await server.RefusalAsync("read_file", new { path = "f.txt", etag = new string('x', 257) }));
    }

    public void Dispose() => _folder.Dispose();

    private Task<ToolServer> StartAsync() => FileServer.StartAsync(_folder.Root, null, ("MaxReadLength", $"{MaxLength}"));

    // The tool opens a large file twice: first for its start, and then for its end.
    private static void OnSecondOpen(MemoryFileStore store, Action act)
    {
        var opened = 0;
        store.OnOpen = (_, _, _) =>
        {
            if (++opened == 2)
            {
                act();
            }

            return Task.CompletedTask;
        };
    }
}
