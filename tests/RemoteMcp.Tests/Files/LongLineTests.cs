using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests that every part of a long line can be read, and that each refusal of a large file leads to a step that works.</summary>
public sealed class LongLineTests : IDisposable
{
    private const int MaxLength = 1000;

    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("utf-8", "x")]
    [InlineData("utf-8", "größer 👍👍 ")]
    [InlineData("utf-16", "a👍")]
    [InlineData("iso-8859-1", "grün und lang ")]
    public async Task Reading_on_from_next_column_gives_the_whole_text(string name, string part)
    {
        var encoding = Encoding.GetEncoding(name);
        var text = $"first\r\n{string.Concat(Enumerable.Repeat(part, 5000 / part.Length))}\r\n{new string('z', 998)}\r\nlast";
        _folder.Write("f.txt", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
        await using var server = await StartAsync();
        var read = new StringBuilder();
        var (offset, column) = (1L, 1L);
        JsonElement page;
        do
        {
            page = await server.AnswerAsync("read_file", new { path = "f.txt", offset, column });
            Assert.InRange(page.GetProperty("content").GetString()!.Length, 1, MaxLength);
            Assert.Equal(offset, page.GetProperty("start_line").GetInt64());
            read.Append(page.GetProperty("content").GetString());
            offset = page.TryGetProperty("next_offset", out var next) ? next.GetInt64() : 0;
            column = page.TryGetProperty("next_column", out var within) ? within.GetInt64() : 1;
            Assert.Equal(offset > 0, page.GetProperty("truncated").GetBoolean());
        }
        while (offset > 0);

        Assert.Equal(text, read.ToString());
        Assert.Equal((4, name), (page.GetProperty("total_lines").GetInt64(), page.GetProperty("encoding").GetString()));
    }

    [Fact]
    public async Task Note_names_the_arguments_that_read_on()
    {
        _folder.Write("f.txt", new string('x', 5000));
        await using var server = await StartAsync();

        var result = await server.CallAsync("read_file", new { path = "f.txt" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            "[Lines 1 to 1; the rest did not fit. Read on with offset 1 and column 1001.]",
            Assert.IsType<TextContentBlock>(result.Content[1]).Text);
    }

    [Theory]
    [InlineData(-1, "[Lines 3 to 3; the rest did not fit. To read the rest, use offset 3.]")]
    [InlineData(-2, "[Lines 3 to 3; the rest did not fit. To read the rest, use offset 2.]")]
    [InlineData(-9, "[Lines 3 to 3; the rest did not fit. To read the rest, use offset 1.]")]
    public async Task Note_leads_to_the_start_of_the_last_lines(int offset, string expected)
    {
        _folder.Write("f.txt", "first\nsecond\n" + new string('x', 2000));
        await using var server = await StartAsync();

        Assert.Equal(expected, await NoteAsync(server, offset));
    }

    [Fact]
    public async Task Note_leads_to_the_rest_of_a_line_whose_number_is_not_known()
    {
        _folder.Write("f.txt", "first\n" + new string('x', 50_000));
        await using var server = await StartAsync();

        Assert.Equal(
            "[The last line; the rest did not fit. To read the rest, use a positive offset. search_files finds the numbers of lines.]",
            await NoteAsync(server, -1));
    }

    [Theory]
    [InlineData(1, "us-ascii")]
    [InlineData(3, "iso-8859-1")]
    public async Task Encoding_of_a_part_is_not_that_of_the_whole_file(int offset, string expected)
    {
        _folder.Write("f.txt", [.. Encoding.Latin1.GetBytes($"plain\n{new string('x', 200_000)}\nold caf\u00E9\n")]);
        await using var server = await StartAsync();

        var answer = await server.AnswerAsync("read_file", new { path = "f.txt", offset, limit = 1 });

        Assert.Equal(expected, answer.GetProperty("encoding").GetString());
    }

    [Fact]
    public async Task Column_of_a_search_match_leads_to_the_match()
    {
        _folder.Write("f.txt", $"x\n{new string('x', 200_000)}the needle{new string('x', 200_000)}\n");
        await using var server = await StartAsync();

        var match = (await server.AnswerAsync("search_files", new { query = "the needle" })).GetProperty("matches")[0];
        var read = await server.AnswerAsync(
            "read_file", new { path = "f.txt", offset = match.GetProperty("line"), column = match.GetProperty("column") });

        Assert.StartsWith("the needle", read.GetProperty("content").GetString());
    }

    [Theory]
    [InlineData(1, 6, "column: 6 is after the end of line 1, which has 5 characters with its line break. "
        + "Continue with offset 2 and without column.")]
    [InlineData(1, 2_000_000_000, "column: 2000000000 is after the end of line 1, which has 5 characters")]
    [InlineData(2, 3, "column: 3 of line 2 is within a character. Use 2 or 4.")]
    [InlineData(3, 5, "column: 5 is after the end of line 3, which has 4 characters with its line break. "
        + "It is the last line. Use a column of at most 4, or leave column out.")]
    [InlineData(4, 2, "offset: 4 is after the last line of 'f.txt', which is 3.")]
    [InlineData(-1, 2, "column: cannot be combined with a negative offset.")]
    [InlineData(1, 0, "column: must be 1 to 2147483647, but is 0")]
    public async Task Column_that_does_not_exist_is_refused(int offset, int column, string expected)
    {
        _folder.Write("f.txt", "four\na👍b\nlast");
        await using var server = await StartAsync();

        Assert.StartsWith(expected, await server.RefusalAsync("read_file", new { path = "f.txt", offset, column }));
    }

    [Fact]
    public async Task Large_files_lead_to_a_step_that_works()
    {
        _folder.Write("big.txt", new string('x', 5000)).Write("big.bin", new byte[5000]).Write("small.bin", new byte[500]);
        await using var server = await StartAsync(("MaxResourceBytes", "1024"));

        var text = await ResourceRefusalAsync(server, "file:///big.txt");
        var binary = await ResourceRefusalAsync(server, "file:///big.bin");
        var tool = await server.RefusalAsync("read_file", new { path = "big.bin" });

        Assert.Contains("Use the tool read_file with offset and limit", text, StringComparison.Ordinal);
        Assert.Contains("read_file cannot read it either", binary, StringComparison.Ordinal);
        Assert.DoesNotContain("file:///", tool, StringComparison.Ordinal);
        Assert.Contains("too large to attach as a resource (at most 1024 bytes)", tool, StringComparison.Ordinal);
        Assert.Contains("file:///small.bin", await server.RefusalAsync("read_file", new { path = "small.bin" }), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> NoteAsync(ToolServer server, int offset)
    {
        var result = await server.CallAsync(
            "read_file", new { path = "f.txt", offset }, cancellationToken: TestContext.Current.CancellationToken);
        return Assert.IsType<TextContentBlock>(result.Content[1]).Text;
    }

    private static async Task<string> ResourceRefusalAsync(ToolServer server, string uri) => (await Assert.ThrowsAnyAsync<Exception>(
        () => server.Client.ReadResourceAsync(uri, cancellationToken: TestContext.Current.CancellationToken).AsTask())).Message;

    private Task<ToolServer> StartAsync(params (string Name, string Value)[] settings) =>
        FileServer.StartAsync(_folder.Root, null, [("MaxReadLength", $"{MaxLength}"), .. settings]);
}
