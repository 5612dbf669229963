using System.Text;
using ModelContextProtocol;
using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests <c>write_file</c> and <c>delete_path</c> with a real client and its user.</summary>
public sealed class FileChangesToolTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Protocols => ["2026-07-28", "2025-11-25"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tools_that_change_files_are_off_by_default()
    {
        await using var server = await FileServer.StartAsync(_folder.Root);

        var tools = await server.Client.ListToolsAsync(cancellationToken: Token);
        Assert.DoesNotContain(tools, tool => tool.Name is "write_file" or "delete_path");
        await Assert.ThrowsAsync<McpProtocolException>(
            () => server.CallAsync("write_file", new { path = "a.txt", content = "x" }, cancellationToken: Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task A_file_is_created_when_the_user_agrees(string protocol)
    {
        await using var server = await StartAsync(agrees: true, protocol);

        var answer = await server.AnswerAsync("write_file", new { path = "new/deep/größe.txt", content = "Zeile\r\n😀\n" });

        Assert.Equal(
            ["Create the file 'new/deep/größe.txt' with 12 bytes?\n\n+ Zeile (CR LF)\n+ 😀\n(lines added: 2, removed: 0)"],
            server.User.Asked);
        Assert.Equal(Encoding.UTF8.GetBytes("Zeile\r\n😀\n"), File.ReadAllBytes(_folder.FullPath("new/deep/größe.txt")));
        Assert.True(answer.GetProperty("written").GetBoolean());
        Assert.Equal(12, answer.GetProperty("size").GetInt64());
        Assert.Equal(["größe.txt"], Names("new/deep"));
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task Declined_prompt_changes_nothing_and_is_not_an_error(string protocol)
    {
        _folder.Write("a.txt", "old");
        await using var server = await StartAsync(agrees: false, protocol);

        Assert.False((await server.AnswerAsync("write_file", new { path = "a.txt", content = "new" })).GetProperty("written").GetBoolean());
        Assert.False(
            (await server.AnswerAsync("write_file", new { path = "d/b.txt", content = "new" })).GetProperty("written").GetBoolean());
        Assert.False((await server.AnswerAsync("delete_path", new { path = "a.txt" })).GetProperty("deleted").GetBoolean());

        Assert.Equal(["a.txt"], Names("."));
        Assert.Equal("old", File.ReadAllText(_folder.FullPath("a.txt")));
    }

    [Fact]
    public async Task File_is_replaced_only_with_the_etag_of_its_current_version()
    {
        _folder.Write("a.txt", "a much longer old text");
        await using var server = await StartAsync(agrees: true);
        var etag = (await server.AnswerAsync("read_file", new { path = "a.txt" })).GetProperty("etag").GetString();

        var first = await server.AnswerAsync("write_file", new { path = "a.txt", content = "new", etag });
        var refusal = await server.RefusalAsync("write_file", new { path = "a.txt", content = "newer", etag });
        await server.AnswerAsync("write_file", new { path = "a.txt", content = "newest", etag = first.GetProperty("etag").GetString() });

        Assert.StartsWith("Replace 'a.txt' (22 bytes, last written ", server.User.Asked[0], StringComparison.Ordinal);
        Assert.Equal("etag: 'a.txt' has changed since this etag. Read it again, and use its new etag.", refusal);
        Assert.Equal(2, server.User.Asked.Count);
        Assert.Equal("newest", File.ReadAllText(_folder.FullPath("a.txt")));
        Assert.Equal(
            "etag: 'no.txt' does not exist. Omit etag to create it.",
            await server.RefusalAsync("write_file", new { path = "no.txt", content = "", etag }));
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task Consent_applies_only_to_the_version_in_the_prompt(string protocol)
    {
        _folder.Write("a.txt", "old");
        await using var server = await StartAsync(agrees: true, protocol);
        var changed = false;
        server.User.BeforeAnswer = () =>
        {
            if (!changed)
            {
                changed = true;
                _folder.Write("a.txt", "changed meanwhile");
            }
        };

        await server.AnswerAsync("delete_path", new { path = "a.txt" });

        Assert.Equal(2, server.User.Asked.Count);
        Assert.StartsWith("Delete the file 'a.txt' (3 bytes, ", server.User.Asked[0], StringComparison.Ordinal);
        Assert.StartsWith("Delete the file 'a.txt' (17 bytes, ", server.User.Asked[1], StringComparison.Ordinal);
        Assert.Empty(Names("."));
    }

    [Fact]
    public async Task Only_files_links_and_empty_folders_can_be_deleted()
    {
        _folder.Write("a.txt", "x").Write("full/b.txt", "x").Link("link", "full").Link("dangling", "nowhere");
        Directory.CreateDirectory(_folder.FullPath("empty"));
        await using var server = await StartAsync(agrees: true);

        foreach (var path in (string[])["a.txt", "empty", "link", "dangling"])
        {
            Assert.True((await server.AnswerAsync("delete_path", new { path })).GetProperty("deleted").GetBoolean());
        }

        Assert.Equal("Delete the empty folder 'empty'?", server.User.Asked[1]);
        Assert.Equal("Delete the symbolic link 'link', but not its target?", server.User.Asked[2]);
        Assert.Equal(
            "path: 'full' is a directory that is not empty. Delete its entries first.",
            await server.RefusalAsync("delete_path", new { path = "full" }));
        Assert.StartsWith(
            "path: the shared folder itself cannot be deleted.",
            await server.RefusalAsync("delete_path", new { path = "." }),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "path: 'a.txt' does not exist.", await server.RefusalAsync("delete_path", new { path = "a.txt" }), StringComparison.Ordinal);
        Assert.Equal(4, server.User.Asked.Count);
        Assert.Equal(["full"], Names("."));
        Assert.Equal(["b.txt"], Names("full"));
    }

    [Theory]
    [InlineData(".", "is a directory")]
    [InlineData("dir", "is a directory")]
    [InlineData("a.txt/b.txt", "is a file")]
    [InlineData("link", "is a symbolic link")]
    public async Task Path_that_cannot_be_a_file_is_refused_before_the_user_is_asked(string path, string reason)
    {
        _folder.Write("a.txt", "x").Write("dir/b.txt", "x").Link("link", "a.txt");
        await using var server = await StartAsync(agrees: true);

        Assert.Contains(reason, await server.RefusalAsync("write_file", new { path, content = "new" }), StringComparison.Ordinal);
        Assert.Empty(server.User.Asked);
        Assert.Equal(["a.txt", "dir", "link"], Names("."));
    }

    [Fact]
    public async Task Content_above_the_size_limit_is_refused_before_the_user_is_asked()
    {
        await using var server = await StartAsync(agrees: true, null, ("MaxWriteBytes", "1024"));

        Assert.Equal(
            "content: has 1026 bytes in UTF-8; at most 1024 can be written. Write less text.",
            await server.RefusalAsync("write_file", new { path = "a.txt", content = new string('ü', 513) }));
        Assert.Empty(server.User.Asked);
        Assert.True(
            (await server.AnswerAsync("write_file", new { path = "a.txt", content = new string('ü', 512) }))
            .GetProperty("written").GetBoolean());
    }

    [Fact]
    public async Task A_replaced_file_keeps_its_permissions()
    {
        if (!OperatingSystem.IsWindows())
        {
            _folder.Write("run.sh", "old");
            File.SetUnixFileMode(_folder.FullPath("run.sh"), (UnixFileMode)0b100_111_101_001);
            await using var server = await StartAsync(agrees: true);

            await server.AnswerAsync("write_file", new { path = "run.sh", content = "new" });

            Assert.Equal((UnixFileMode)0b111_101_001, File.GetUnixFileMode(_folder.FullPath("run.sh")));
        }
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ToolServer> StartAsync(bool agrees, string? protocol = null, params (string Name, string Value)[] settings)
    {
        var server = await FileServer.StartAsync(_folder.Root, protocol, [("AllowChanges", "true"), .. settings]);
        server.User.Confirms = agrees;
        return server;
    }

    private string[] Names(string directory) =>
    [
        .. Directory.GetFileSystemEntries(_folder.FullPath(directory))
            .Select(entry => Path.GetFileName(entry)!)
            .Order(StringComparer.Ordinal),
    ];
}
