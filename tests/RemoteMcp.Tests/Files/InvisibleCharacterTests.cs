using System.Text.Json;
using ModelContextProtocol.Protocol;
using RemoteMcp.Tests.Tools;
using RemoteMcp.Tools.Files.Text;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests that readers of file contents see invisible characters, and that these characters survive a change of the file.</summary>
public sealed class InvisibleCharacterTests : IDisposable
{
    private const string Hostile = "if (admin\u202E \u2066// check\u2069) {\u001B[2K\rforged\u0007\tend \U000E0041\uFEFF\u200B\n";
    private const string Shown =
        "if (admin\\u202E \\u2066// check\\u2069) {\\u001B[2K\\u000Dforged\\u0007\tend \\U000E0041\\uFEFF\\u200B\n";

    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("plain ü 漢字 👍\t\r\n", "plain ü 漢字 👍\t\r\n")]
    [InlineData("👩\u200D💻 می\u200Cخواهم", "👩\u200D💻 می\u200Cخواهم")]
    [InlineData("a\u200Db \u200C", "a\\u200Db \\u200C")]
    [InlineData("\u202E", "\\u202E")]
    [InlineData("line\u2028line\u0085\uE000\uFFFD", "line\\u2028line\\u0085\\uE000\\uFFFD")]
    [InlineData(Hostile, Shown)]
    public void Invisible_characters_become_escapes_and_lines_stay(string text, string expected)
    {
        Assert.Equal(expected, VisibleText.Of(text));
        Assert.Equal(expected.Length, VisibleText.LengthOf(text));
    }

    [Fact]
    public void Text_is_cut_so_that_its_escapes_fit()
    {
        for (var length = 0; length < Shown.Length + 2; length++)
        {
            Assert.InRange(VisibleText.LengthOf(VisibleText.Fit(Hostile, length)), Math.Max(0, Math.Min(length, Shown.Length) - 9), length);
            Assert.InRange(VisibleText.LengthOf(VisibleText.FitEnd(Hostile, length)), 0, length);
        }
    }

    [Fact]
    public async Task Reading_and_searching_show_escapes_and_say_so()
    {
        _folder.Write("f.txt", "head\n" + Hostile);
        await using var server = await StartAsync();

        foreach (var offset in (int[])[1, -2])
        {
            var result = await server.CallAsync(
                "read_file", new { path = "f.txt", offset }, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal("head\n" + Shown, result.StructuredContent!.Value.GetProperty("content").GetString());
            Assert.Equal(9, result.StructuredContent!.Value.GetProperty("escapes").GetInt32());
            Assert.Equal("head\n" + Shown, Assert.IsType<TextContentBlock>(result.Content[0]).Text);
            Assert.Equal(
                "[Invisible characters shown as escapes: 9. The file contains the characters, not the escapes.]",
                Assert.IsType<TextContentBlock>(result.Content[1]).Text);
        }

        var found = await server.CallAsync(
            "search_files", new { query = "admin" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(
            Shown.TrimEnd('\n'), found.StructuredContent!.Value.GetProperty("matches")[0].GetProperty("text").GetString());
        Assert.Equal(9, found.StructuredContent!.Value.GetProperty("escapes").GetInt32());
        Assert.DoesNotContain('\u202E', ToolServer.TextOf(found));
        Assert.Contains("Invisible characters shown as escapes: 9.", ToolServer.TextOf(found), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escapes_do_not_make_a_result_longer_than_its_limit()
    {
        var text = new string('\u202E', 5000) + "\nlast\n";
        _folder.Write("f.txt", text);
        await using var server = await StartAsync(("MaxReadLength", "1000"));
        var read = new List<string>();
        JsonElement page = default;
        do
        {
            page = read.Count == 0
                ? await server.AnswerAsync("read_file", new { path = "f.txt" })
                : await server.AnswerAsync("read_file", new
                {
                    path = "f.txt",
                    offset = page.GetProperty("next_offset").GetInt64(),
                    column = page.TryGetProperty("next_column", out var column) ? column.GetInt64() : 1,
                });
            read.Add(page.GetProperty("content").GetString()!);
            Assert.InRange(read[^1].Length, 1, 1000);
        }
        while (page.TryGetProperty("next_offset", out _));

        Assert.Equal(text.Replace("\u202E", "\\u202E", StringComparison.Ordinal), string.Concat(read));
        var end = await server.AnswerAsync("read_file", new { path = "f.txt", offset = -2 });
        Assert.InRange(end.GetProperty("content").GetString()!.Length, 1, 1000);
        Assert.EndsWith("last\n", end.GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escapes_of_a_file_are_not_written_back_by_mistake()
    {
        _folder.Write("f.txt", Hostile);
        await using var server = await StartAsync();
        var content = (await server.AnswerAsync("read_file", new { path = "f.txt" })).GetProperty("content").GetString()!;

        var refusal = await server.RefusalAsync("write_file", new { path = "f.txt", content });
        Assert.StartsWith("content: contains '\\u202E', which read_file shows for an invisible character of this file.", refusal);
        Assert.Empty(server.User.Asked);

        await server.AnswerAsync("write_file", new { path = "f.txt", content = content.Replace("check", "test"), escapes = true });
        Assert.Equal(Hostile.Replace("check", "test"), File.ReadAllText(_folder.FullPath("f.txt")));

        await server.AnswerAsync("write_file", new { path = "f.txt", content, escapes = false });
        Assert.Equal(Shown, File.ReadAllText(_folder.FullPath("f.txt")));
    }

    [Fact]
    public async Task Escapes_in_source_code_are_text()
    {
        const string Source = "const esc = '\\u001B[0m'; // \\u00E9\n";
        _folder.Write("a.js", Source).Write("both.js", Source + "\u001B\n");
        await using var server = await StartAsync();

        await server.AnswerAsync("write_file", new { path = "a.js", content = Source + "// \\u202E\n" });
        var ambiguous = await server.RefusalAsync("write_file", new { path = "both.js", content = Source, escapes = true });
        var shown = await server.RefusalAsync("write_file", new { path = "both.js", content = Source + "\\u001B\n" });
        await server.AnswerAsync("write_file", new { path = "both.js", content = Source });

        Assert.Equal(Source + "// \\u202E\n", File.ReadAllText(_folder.FullPath("a.js")));
        Assert.StartsWith("escapes: the file contains the text '\\u001B' itself", ambiguous);
        Assert.StartsWith("content: contains '\\u001B'", shown);
        Assert.Equal(Source, File.ReadAllText(_folder.FullPath("both.js")));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ToolServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = await FileServer.StartAsync(_folder.Root, null, [("AllowChanges", "true"), .. settings]);
        server.User.Confirms = true;
        return server;
    }
}
