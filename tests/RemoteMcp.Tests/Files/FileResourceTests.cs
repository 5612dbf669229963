using System.Text;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Tests.Tools;
using RemoteMcp.Tools.Files;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests files as resources that clients can attach.</summary>
public sealed class FileResourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resource_template_lets_a_client_request_any_file()
    {
        await using var server = await FileServer.StartAsync(_folder.Root);

        var template = Assert.Single(await server.Client.ListResourceTemplatesAsync(cancellationToken: Token));

        Assert.Equal("file:///{+path}", template.UriTemplate);
    }

    [Fact]
    public async Task Listed_resources_can_be_read_and_the_pages_hold_each_once()
    {
        var expected = new List<string>();
        string[] odd =
        [
            "plain.txt", "with space.txt", "100%.txt", "@scope%2fname", "ü&ö?.txt", "#hash", "a+b=c;d,e", "[x]{y}", "emoji 👍.md",
        ];
        foreach (var name in odd.Concat(Enumerable.Range(0, 1240).Select(i => $"f{i}")))
        {
            _folder.Write($"d{name.Length % 3}/{name}", name);
            expected.Add($"d{name.Length % 3}/{name}");
        }

        _folder.Write(".git/HEAD", "x").Write("a/node_modules/m.js", "x").Write("worktree/.git", "gitdir: elsewhere");
        await using var server = await FileServer.StartAsync(_folder.Root);
        var listed = new List<Resource>();
        string? cursor = null;
        do
        {
            var page = await server.Client.ListResourcesAsync(new ListResourcesRequestParams { Cursor = cursor }, Token);
            Assert.InRange(page.Resources.Count, 1, 1000);
            listed.AddRange(page.Resources);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Select(resource => resource.Name));
        foreach (var resource in listed.Where((resource, i) => i % 10 == 0 || odd.Contains(resource.Name.Split('/', 2)[1])))
        {
            var read = await server.Client.ReadResourceAsync(resource.Uri, cancellationToken: Token);
            var text = Assert.IsType<TextResourceContents>(Assert.Single(read.Contents));
            Assert.Equal(
                (resource.Uri, resource.Name.Split('/')[1], resource.Size), (text.Uri, text.Text, Encoding.UTF8.GetByteCount(text.Text)));
        }
    }

    [Theory]
    [InlineData("R&D/plan.txt", "file:///R&D/plan.txt")]
    [InlineData("a b/c d.txt", "file:///a%20b/c%20d.txt")]
    [InlineData("100%.txt", "file:///100%25.txt")]
    [InlineData("50%/a%2.txt", "file:///50%25/a%252.txt")]
    [InlineData("what?.txt", "file:///what?.txt")]
    [InlineData("a?b=c&d#e", "file:///a?b=c&d#e")]
    [InlineData("#hash", "file:///#hash")]
    [InlineData("c++/a+b.txt", "file:///c++/a+b.txt")]
    [InlineData("größe/漢字.txt", "file:///gr%C3%B6%C3%9Fe/%E6%BC%A2%E5%AD%97.txt")]
    [InlineData("👍.md", "file:///%F0%9F%91%8D.md")]
    [InlineData("@scope%2fname", "file:///@scope%2fname")]
    [InlineData("ü%2Fb", "file:///%C3%BC%2Fb")]
    [InlineData("a%25b", "file:///a%25b")]
    [InlineData("a%20b.txt", "file:///a%20b.txt")]
    [InlineData("%C3%A9.txt", "file:///%C3%A9.txt")]
    [InlineData("[x]{y}^`|\"<>", "file:///[x]%7By%7D%5E%60%7C%22%3C%3E")]
    [InlineData("a!$'()*,;=:@~-._z", "file:///a!$'()*,;=:@~-._z")]
    public async Task Expansion_of_the_template_and_the_listed_uri_lead_to_the_file(string path, string expansion)
    {
        _folder.Write(path, "found");
        await using var server = await FileServer.StartAsync(_folder.Root);

        var listed = Assert.Single((await server.Client.ListResourcesAsync(new ListResourcesRequestParams(), Token)).Resources);

        Assert.True(FileUri.IsMatch(listed.Uri));
        Assert.Matches("^file:///([!-$&-~]|%[0-9A-F]{2})*$", listed.Uri);
        foreach (var uri in (string[])[expansion, listed.Uri, expansion.Replace("file:", "FILE:", StringComparison.Ordinal)])
        {
            var read = await server.Client.ReadResourceAsync(uri, cancellationToken: Token);
            var text = Assert.IsType<TextResourceContents>(Assert.Single(read.Contents));
            Assert.Equal(("found", uri), (text.Text, text.Uri));
        }
    }

    [Fact]
    public async Task Client_of_the_sdk_reads_a_file_by_expanding_the_template()
    {
        _folder.Write("R&D/plan?.txt", "found");
        await using var server = await FileServer.StartAsync(_folder.Root);
        var template = Assert.Single(await server.Client.ListResourceTemplatesAsync(cancellationToken: Token));

        var read = await template.ReadAsync(new Dictionary<string, object?> { ["path"] = "R&D/plan?.txt" }, cancellationToken: Token);

        Assert.Equal("found", Assert.IsType<TextResourceContents>(Assert.Single(read.Contents)).Text);
    }

    [Fact]
    public async Task Percent_encoded_name_is_preferred_to_a_name_with_percent_signs()
    {
        _folder.Write("a/b", "decoded").Write("a%2Fb", "literal");
        await using var server = await FileServer.StartAsync(_folder.Root);

        foreach (var (uri, expected) in ((string, string)[])[("file:///a%2Fb", "decoded"), ("file:///a%252Fb", "literal")])
        {
            var read = await server.Client.ReadResourceAsync(uri, cancellationToken: Token);
            Assert.Equal(expected, Assert.IsType<TextResourceContents>(Assert.Single(read.Contents)).Text);
        }
    }

    [Theory]
    [InlineData("file:///%2e%2e/outside.txt")]
    [InlineData("file:///..%2Foutside.txt")]
    [InlineData("file:///%252e%252e%252Foutside.txt")]
    [InlineData("file:////etc/passwd")]
    [InlineData("file:///a%00b")]
    [InlineData("file:///a%C3")]
    [InlineData("file:///")]
    public async Task Hostile_uri_is_refused(string uri)
    {
        _folder.Write("shared/a", "inside").Write("outside.txt", "outside");
        await using var server = await FileServer.StartAsync(_folder.FullPath("shared"));

        var refusal = await RefusalAsync(server, uri);

        Assert.Contains(refusal.ErrorCode, (McpErrorCode[])[McpErrorCode.InvalidParams, McpErrorCode.ResourceNotFound]);
    }

    [Theory]
    [InlineData("a.md", "text", "text/markdown")]
    [InlineData("a.ts", "text", "text/plain")]
    [InlineData("a.cs", "text", "text/plain")]
    [InlineData("a.json", "{}", "application/json")]
    [InlineData("a.svg", "<svg/>", "image/svg+xml")]
    [InlineData("a.png", "no picture at all", "text/plain")]
    [InlineData("Makefile", "all:", "text/plain")]
    [InlineData("empty.html", "", "text/html")]
    public async Task Text_file_is_returned_as_text_with_the_matching_type(string name, string content, string type)
    {
        _folder.Write("dir/" + name, content);
        await using var server = await FileServer.StartAsync(_folder.Root);

        var read = await server.Client.ReadResourceAsync("file:///dir/" + name, cancellationToken: Token);

        var text = Assert.IsType<TextResourceContents>(Assert.Single(read.Contents));
        Assert.Equal((content, type), (text.Text, text.MimeType));
    }

    [Theory]
    [InlineData("a.png", "image/png")]
    [InlineData("a.bin", "application/octet-stream")]
    [InlineData("a.txt", "application/octet-stream")]
    [InlineData("unknown", "application/octet-stream")]
    public async Task File_that_is_not_entirely_text_is_returned_unchanged(string name, string type)
    {
        byte[] bytes = [0x89, 0x50, 0, 0xFF, 0xFE, 10];
        var foreign = Encoding.Latin1.GetBytes("Größe und sonst nur lesbarer Text");
        _folder.Write(name, bytes).Write("foreign-" + name, foreign);
        await using var server = await FileServer.StartAsync(_folder.Root);

        foreach ((var file, var expected) in new[] { (name, bytes), ("foreign-" + name, foreign) })
        {
            var read = await server.Client.ReadResourceAsync("file:///" + file, cancellationToken: Token);
            var blob = Assert.IsType<BlobResourceContents>(Assert.Single(read.Contents));
            Assert.Equal(expected, Convert.FromBase64String(Encoding.ASCII.GetString(blob.Blob.Span)));
            Assert.Equal(type, blob.MimeType);
        }
    }

    [Fact]
    public async Task Byte_order_mark_is_not_part_of_the_text()
    {
        _folder.Write("a.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("größer")]);
        await using var server = await FileServer.StartAsync(_folder.Root);

        var read = await server.Client.ReadResourceAsync("file:///a.txt", cancellationToken: Token);

        Assert.Equal("größer", Assert.IsType<TextResourceContents>(Assert.Single(read.Contents)).Text);
    }

    [Theory]
    [InlineData("2025-11-25", McpErrorCode.ResourceNotFound)]
    [InlineData("2025-06-18", McpErrorCode.ResourceNotFound)]
    [InlineData("2026-07-28", McpErrorCode.InvalidParams)]
    public async Task A_missing_file_gets_the_error_code_of_the_revision(string protocol, McpErrorCode expected)
    {
        await using var server = await FileServer.StartAsync(_folder.Root, protocol);

        var refusal = await RefusalAsync(server, "file:///nope.txt");

        Assert.Equal(expected, refusal.ErrorCode);
        Assert.Contains("does not exist", refusal.Message);
    }

    [Fact]
    public async Task File_that_is_too_large_to_attach_is_refused_with_the_remedy()
    {
        _folder.Write("big.txt", new string('x', 4097)).Write("fits.txt", new string('x', 4096)).Write("dir/x", "x");
        await using var server = await FileServer.StartAsync(_folder.Root, null, ("MaxResourceBytes", "4096"));

        var refusal = await RefusalAsync(server, "file:///big.txt");
        var directory = await RefusalAsync(server, "file:///dir");

        Assert.Equal(McpErrorCode.InvalidParams, refusal.ErrorCode);
        Assert.Contains("4097 bytes; at most 4096", refusal.Message);
        Assert.Contains("read_file with offset and limit", refusal.Message);
        Assert.Contains("is a directory", directory.Message);
        Assert.Single((await server.Client.ReadResourceAsync("file:///fits.txt", cancellationToken: Token)).Contents);
    }

    [Theory]
    [InlineData("made-up")]
    [InlineData("!!!")]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA")]
    public async Task Made_up_cursor_is_invalid(string cursor)
    {
        await using var server = await FileServer.StartAsync(_folder.Root);

        var refusal = await Assert.ThrowsAsync<McpProtocolException>(
            () => server.Client.ListResourcesAsync(new ListResourcesRequestParams { Cursor = cursor }, Token).AsTask());

        Assert.Equal(McpErrorCode.InvalidParams, refusal.ErrorCode);
    }

    [Fact]
    public async Task Cursor_of_a_tool_is_invalid_for_the_resource_list()
    {
        _folder.Write("a", "").Write("b", "");
        await using var server = await FileServer.StartAsync(_folder.Root);
        var page = await server.AnswerAsync("list_directory", new { limit = 1 });

        await Assert.ThrowsAsync<McpProtocolException>(
            () => server.Client.ListResourcesAsync(
                new ListResourcesRequestParams { Cursor = page.GetProperty("next_cursor").GetString() }, Token).AsTask());
    }

    public void Dispose() => _folder.Dispose();

    private static Task<McpProtocolException> RefusalAsync(ToolServer server, string uri) =>
        Assert.ThrowsAsync<McpProtocolException>(() => server.Client.ReadResourceAsync(uri, cancellationToken: Token).AsTask());
}
