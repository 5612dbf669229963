using RemoteMcp.Tests.Tools;
using RemoteMcp.Tools.Files.Store.Local;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests that files that other programs execute or trust are not changed, unless the operator allows it.</summary>
public sealed class ProtectedNameTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Paths =>
    [
        ".git/hooks/pre-commit", ".git/config", ".GIT/config", ".Git/hooks/x", "a/.git/config", "a/b/.ssh/authorized_keys",
        ".bashrc", ".env",
        ".github/workflows/x.yml", "new/.vscode/tasks.json", ".git", ".ssh/", "./.git/config", "team.git/hooks/post-receive",
        "a/Team.GIT/config", ".g\u200Cit/config", "\u200D.git/config", "\u200C\u200D.ssh/authorized_keys",
        "GIT~1/hooks/pre-commit", "x~1.txt", "link/config", "link/hooks/new/pre-commit", "deep/link/hooks/x", "bare/config", "twice/config",
    ];

    [Theory, MemberData(nameof(Paths))]
    public async Task Protected_path_is_refused_before_the_user_is_asked(string path)
    {
        Fill();
        await using var server = await StartAsync();
        var before = Snapshot();

        var written = await server.RefusalAsync("write_file", new { path, content = "#!/bin/sh\n" });
        var deleted = await server.RefusalAsync("delete_path", new { path });

        Assert.Equal(written, deleted);
        Assert.StartsWith("path: '", written);
        Assert.Contains("RemoteMcp:Files:AllowedDotNames", written, StringComparison.Ordinal);
        Assert.Empty(server.User.Asked);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("a.git")]
    [InlineData("a.b/c.d")]
    [InlineData("git/hooks/x")]
    [InlineData("x~y.txt")]
    public async Task Other_names_can_be_written(string path)
    {
        await using var server = await StartAsync();

        Assert.True((await server.AnswerAsync("write_file", new { path, content = "x" })).GetProperty("written").GetBoolean());
    }

    [Fact]
    public async Task Operator_allows_names()
    {
        Fill();
        await using var server = await StartAsync(("AllowedDotNames:0", ".github"), ("AllowedDotNames:1", ".editorconfig"));

        await server.AnswerAsync("write_file", new { path = ".github/workflows/ci.yml", content = "x" });
        await server.AnswerAsync("write_file", new { path = "src/.editorconfig", content = "x" });
        await server.RefusalAsync("write_file", new { path = ".github/.git/config", content = "x" });
        await server.RefusalAsync("write_file", new { path = ".git/config", content = "x" });

        Assert.Equal("x", File.ReadAllText(_folder.FullPath(".github/workflows/ci.yml")));
        Assert.Equal("x", File.ReadAllText(_folder.FullPath("src/.editorconfig")));
    }

    [Fact]
    public async Task Operator_allows_all_names()
    {
        Fill();
        await using var server = await StartAsync(("AllowedDotNames:0", "*"));

        await server.AnswerAsync("write_file", new { path = ".git/hooks/pre-commit", content = "x" });
        await server.AnswerAsync("delete_path", new { path = "bare/config" });

        Assert.Equal("x", File.ReadAllText(_folder.FullPath(".git/hooks/pre-commit")));
        Assert.False(File.Exists(_folder.FullPath("team.git/config")));
    }

    [Theory]
    [InlineData(".git/config", ".git")]
    [InlineData("a/\uFF0Egit/config", "\uFF0Egit")]
    [InlineData("a/\u2024ssh", "\u2024ssh")]
    [InlineData("team.git", null)]
    [InlineData("a/b.c", null)]
    public void Name_that_looks_like_a_dot_name_is_protected(string path, string? expected) =>
        Assert.Equal(expected, new ProtectedNames([]).FindIn(path));

    [Theory]
    [InlineData("GIT~1", true)]
    [InlineData("gi7eba~1", true)]
    [InlineData("SSH~12.x", true)]
    [InlineData("notes.txt~", false)]
    [InlineData("long-name~1", false)]
    [InlineData("~1", false)]
    public void Short_names_of_windows_are_detected(string name, bool expected) => Assert.Equal(expected, WindowsNames.IsShortName(name));

    public void Dispose() => _folder.Dispose();

    private void Fill() => _folder
        .Write(".git/config", "old")
        .Write("team.git/config", "old")
        .Link("link", ".git")
        .Link("deep/link", "../.git")
        .Link("bare", "team.git")
        .Link("twice", "link");

    private string[] Snapshot() =>
    [
        .. Directory.GetFileSystemEntries(_folder.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Order(StringComparer.Ordinal),
    ];

    private async Task<ToolServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = await FileServer.StartAsync(_folder.Root, null, [("AllowChanges", "true"), .. settings]);
        server.User.Confirms = true;
        return server;
    }
}
