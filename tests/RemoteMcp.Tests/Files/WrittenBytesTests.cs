using System.Text;
using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests that <c>read_file</c> and <c>write_file</c> together change only the bytes that the caller wants to change.</summary>
public sealed class WrittenBytesTests : IDisposable
{
    private const string Old = "Größe: 1\nZweite Zeile mit viel lesbarem Text\n";
    private const string New = "Größe: 2\nZweite Zeile mit viel lesbarem Text\n";

    private readonly TempFolder _folder = new();

    public static TheoryData<string, string, bool> Encodings => new()
    {
        { "utf-8", "", false },
        { "utf-8", "EFBBBF", true },
        { "utf-16", "FFFE", true },
        { "utf-16BE", "FEFF", true },
        { "utf-32", "FFFE0000", true },
        { "iso-8859-1", "", false },
    };

    [Theory, MemberData(nameof(Encodings))]
    public async Task File_keeps_its_encoding_and_byte_order_mark(string name, string mark, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        _folder.Write("f.txt", [.. Convert.FromHexString(mark), .. encoding.GetBytes(Old)]);
        await using var server = await StartAsync();

        var read = await server.AnswerAsync("read_file", new { path = "f.txt" });
        var written = await server.AnswerAsync(
            "write_file",
            new { path = "f.txt", content = read.GetProperty("content").GetString()!.Replace('1', '2'), etag = read.GetProperty("etag") });

        Assert.Equal((Old, name), (read.GetProperty("content").GetString(), read.GetProperty("encoding").GetString()));
        Assert.Equal(hasMark, read.TryGetProperty("byte_order_mark", out var reported) && reported.GetBoolean());
        Assert.Equal(name, written.GetProperty("encoding").GetString());
        Assert.Equal([.. Convert.FromHexString(mark), .. encoding.GetBytes(New)], Bytes("f.txt"));
    }

    [Fact]
    public async Task New_file_gets_the_byte_order_mark_of_its_content()
    {
        await using var server = await StartAsync();

        await server.AnswerAsync("write_file", new { path = "f.txt", content = "\uFEFF" + New });
        var read = await server.AnswerAsync("read_file", new { path = "f.txt" });

        Assert.Equal([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(New)], Bytes("f.txt"));
        Assert.Equal((New, true), (read.GetProperty("content").GetString(), read.GetProperty("byte_order_mark").GetBoolean()));
    }

    [Fact]
    public async Task Windows_1252_file_keeps_its_bytes()
    {
        byte[] old = [.. "The price of the ticket is 5 "u8, 0x80, .. ", a caf"u8, 0xE9, .. " is extra, says the reader\n"u8];
        _folder.Write("f.txt", old);
        await using var server = await StartAsync();

        var content = (await server.AnswerAsync("read_file", new { path = "f.txt" })).GetProperty("content").GetString()!;
        await server.AnswerAsync("write_file", new { path = "f.txt", content = content.Replace('5', '6') });

        Assert.Equal("The price of the ticket is 5 €, a café is extra, says the reader\n", content);
        Assert.Equal([.. old.Select(value => value == (byte)'5' ? (byte)'6' : value)], Bytes("f.txt"));
    }

    [Theory]
    [InlineData("1\r\n2\r\n3\r\n", "1\nnew\n3\n", "1\r\nnew\r\n3\r\n")]
    [InlineData("1\n2\n3\n", "1\r\nnew\r\n3\r\n", "1\nnew\n3\n")]
    [InlineData("1\r\n2\r\n3", "1\n2\nnew\n", "1\r\n2\r\nnew")]
    [InlineData("1\r\n2\r\n", "1\nnew", "1\r\nnew\r\n")]
    [InlineData("1\n2\r\n3\n4\r\n", "1\n2\nnew\n3\n4\n", "1\n2\r\nnew\r\n3\n4\r\n")]
    [InlineData("1\n2\r\n3", "1\n2\n3\n4\n", "1\n2\r\n3\r\n4")]
    [InlineData("1\r\n1\n2\r\n", "1\n2\r\n", "1\n2\r\n")]
    [InlineData("a\nb\r\nc\n", "a\nB\nc\n", "a\nB\r\nc\n")]
    [InlineData("# v1\r\nbody\n", "# v2\nbody\n", "# v2\r\nbody\n")]
    [InlineData("a\nb\r\nc\nd\r\ne\n", "a\nB\nB2\nB3\nd\ne\n", "a\nB\r\nB2\nB3\nd\r\ne\n")]
    [InlineData("1\rx\n2\n", "1\rx\r\nnew\r\n", "1\rx\nnew\n")]
    [InlineData("one line", "another\nand more\n", "another\nand more")]
    [InlineData("", "new\r\n", "new\r\n")]
    [InlineData("1\r\n", "", "")]
    public async Task File_keeps_its_line_breaks(string old, string content, string expected)
    {
        _folder.Write("f.txt", old);
        await using var server = await StartAsync();

        var written = await server.AnswerAsync("write_file", new { path = "f.txt", content });

        Assert.Equal(expected, File.ReadAllText(_folder.FullPath("f.txt")));
        Assert.Equal(expected != content, written.TryGetProperty("kept_line_breaks", out _));
    }

    [Fact]
    public async Task Line_breaks_of_the_content_are_written_on_request()
    {
        _folder.Write("f.txt", "1\r\n2\r\n");
        await using var server = await StartAsync();

        await server.AnswerAsync("write_file", new { path = "f.txt", content = "1\n2", line_breaks = "exact" });

        Assert.Equal("1\n2", File.ReadAllText(_folder.FullPath("f.txt")));
        Assert.Contains("- 1 (CR LF)\n+ 1\n", server.User.Asked.Single().Replace("- 2 (CR LF)\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mixed_line_breaks_that_cannot_be_kept_are_refused()
    {
        var old = string.Concat(Enumerable.Range(0, 1500).Select(n => $"old {n}{(n % 2 == 0 ? "\n" : "\r\n")}"));
        _folder.Write("f.txt", old);
        await using var server = await StartAsync();

        var refusal = await server.RefusalAsync(
            "write_file", new { path = "f.txt", content = string.Concat(Enumerable.Range(0, 1500).Select(n => $"new {n}\n")) });

        Assert.StartsWith("line_breaks: 'f.txt' mixes LF and CR LF", refusal);
        Assert.Equal(old, File.ReadAllText(_folder.FullPath("f.txt")));
    }

    [Theory]
    [InlineData("Größe: 1\nund 5 €\n", "'€' (U+20AC) at line 2, column 7 does not exist in iso-8859-1, the encoding of 'f.txt'")]
    [InlineData("😀", "'😀' (U+1F600) at line 1, column 1 does not exist in iso-8859-1")]
    public async Task Character_that_the_encoding_lacks_is_refused_with_its_position(string content, string expected)
    {
        _folder.Write("f.txt", Encoding.Latin1.GetBytes(Old));
        await using var server = await StartAsync();

        Assert.Contains(expected, await server.RefusalAsync("write_file", new { path = "f.txt", content }), StringComparison.Ordinal);
        Assert.Empty(server.User.Asked);
        Assert.Equal(Encoding.Latin1.GetBytes(Old), Bytes("f.txt"));
    }

    [Theory]
    [InlineData("Grüße\n")]
    [InlineData("Zweite Zeile mit viel lesbarem Text, und dann ÄÖÜß\n")]
    [InlineData("Zweite Zeile mit viel lesbarem Text, und dann Ã©\n")]
    [InlineData("NUL \0 im Text, Zeile mit viel lesbarem Text\n")]
    public async Task Text_that_could_not_be_read_back_is_not_written(string content)
    {
        var old = Encoding.Latin1.GetBytes(Old);
        _folder.Write("f.txt", old);
        await using var server = await StartAsync();

        Assert.StartsWith("content: read_file could not", await server.RefusalAsync("write_file", new { path = "f.txt", content }));
        Assert.Empty(server.User.Asked);
        Assert.Equal(old, Bytes("f.txt"));
    }

    [Theory]
    [InlineData("67722FC3BC6E20616E64206120776F7264206672C3BC68FC21", "not valid text in one known encoding")]
    [InlineData("FFFE610000D86200", "not valid text in one known encoding")]
    [InlineData("89504E4700010203", "is not a text file")]
    public async Task File_whose_bytes_would_be_lost_is_not_replaced(string hex, string expected)
    {
        _folder.Write("f.txt", Convert.FromHexString(hex));
        await using var server = await StartAsync();

        var refusal = await server.RefusalAsync("write_file", new { path = "f.txt", content = "new" });

        Assert.Contains(expected, refusal, StringComparison.Ordinal);
        Assert.Equal(Convert.FromHexString(hex), Bytes("f.txt"));
    }

    [Fact]
    public async Task File_far_above_the_size_limit_is_not_replaced()
    {
        _folder.Write("f.txt", new string('x', 4097));
        await using var server = await StartAsync(("MaxWriteBytes", "1024"));

        Assert.Contains("too large to be replaced", await server.RefusalAsync("write_file", new { path = "f.txt", content = "new" }));
    }

    [Fact]
    public async Task Byte_that_is_not_text_is_shown_as_a_byte()
    {
        _folder.Write("f.txt", [.. "grün und noch viel mehr Text "u8, 0xFC, .. " Ende\n"u8]);
        await using var server = await StartAsync();

        var read = await server.AnswerAsync("read_file", new { path = "f.txt" });
        var found = await server.AnswerAsync("search_files", new { query = "Ende" });

        Assert.Equal("grün und noch viel mehr Text \\xFC Ende\n", read.GetProperty("content").GetString());
        Assert.Equal(("unknown-8bit", 1), (read.GetProperty("encoding").GetString(), read.GetProperty("escapes").GetInt32()));
        Assert.Equal("grün und noch viel mehr Text \\xFC Ende", found.GetProperty("matches")[0].GetProperty("text").GetString());
    }

    public void Dispose() => _folder.Dispose();

    private byte[] Bytes(string path) => File.ReadAllBytes(_folder.FullPath(path));

    private async Task<ToolServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = await FileServer.StartAsync(_folder.Root, null, [("AllowChanges", "true"), .. settings]);
        server.User.Confirms = true;
        return server;
    }
}
