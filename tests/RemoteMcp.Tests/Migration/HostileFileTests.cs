using RemoteMcp.Cli.Clients;
using Xunit;

namespace RemoteMcp.Tests.Migration;

/// <summary>Tests files that are huge, endless, broken, read-only, linked, or changed by another program.</summary>
public sealed class HostileFileTests : MigrateFixture
{
    [Fact]
    public async Task Huge_file_is_refused()
    {
        var path = Path.Combine(Project, "mcp.json");
        await using (var file = File.Create(path))
        {
            file.SetLength(64L * 1024 * 1024 + 1);
        }

        var (exit, _, error) = await RunAsync(path, "--client", "cursor");

        Assert.Equal(1, exit);
        Assert.Contains("is longer than 64 MiB", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a missing file", "missing.json", "does not exist")]
    [InlineData("a folder", ".", "is a folder")]
    [InlineData("below a file", "f.json/mcp.json", "f.json")]
    [InlineData("a link to itself", "loop.json", "loop.json")]
    public async Task Path_without_a_readable_file_is_refused(string what, string name, string told)
    {
        Assert.NotEmpty(what);
        Write("f.json", "{}");
        File.CreateSymbolicLink(Path.Combine(Project, "loop.json"), Path.Combine(Project, "loop.json"));

        var (exit, output, error) = await RunAsync(name, "--client", "cursor");

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_to_an_endless_device_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(Path.Combine(Project, ".vscode"));
        File.CreateSymbolicLink(Path.Combine(Project, ".vscode/mcp.json"), "/dev/zero");

        var (exit, _, error) = await RunAsync();

        Assert.Equal(1, exit);
        Assert.Contains("is longer than 64 MiB", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_in_two_files_is_refused_with_both_paths()
    {
        var one = Write(".cursor/mcp.json", """{"mcpServers": {"a": {"command": "x"}}}""");
        var other = Write(".mcp.json", """{"mcpServers": {"a": {"command": "x"}}}""");

        var (exit, _, error) = await RunAsync("--to", $"a={Url}", "--write");

        Assert.Equal(1, exit);
        Assert.Contains(one, error, StringComparison.Ordinal);
        Assert.Contains(other, error, StringComparison.Ordinal);
        Assert.Equal(Read(one), Read(other));
    }

    [Fact]
    public async Task Broken_file_does_not_hide_other_files_and_stops_the_write()
    {
        Write(".mcp.json", "{");
        var path = Write(".cursor/mcp.json", """{"mcpServers": {"a": {"command": "x"}}}""");

        var (exit, output, error) = await RunAsync();
        var (writeExit, _, _) = await RunAsync("--to", $"a={Url}", "--write");

        Assert.Equal((1, 1), (exit, writeExit));
        Assert.Contains("'a'", output, StringComparison.Ordinal);
        Assert.Contains(".mcp.json(1,", error, StringComparison.Ordinal);
        AssertUntouched(path, """{"mcpServers": {"a": {"command": "x"}}}""");
    }

    [Fact]
    public async Task A_read_only_file_is_shown_and_not_written()
    {
        var path = Write(".cursor/mcp.json", """{"mcpServers": {"a": {"command": "x"}}}""");
        File.SetAttributes(path, FileAttributes.ReadOnly);

        var (exit, _, _) = await RunAsync("--to", $"a={Url}");
        var (writeExit, _, error) = await RunAsync("--to", $"a={Url}", "--write");
        File.SetAttributes(path, FileAttributes.Normal);

        Assert.Equal((0, 1), (exit, writeExit));
        Assert.Contains("read-only", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbolic_link_stays_a_link_and_its_target_is_changed()
    {
        var target = Write("dotfiles.json", """{"mcpServers": {"a": {"command": "x"}}}""");
        var link = Path.Combine(Project, "mcp.json");
        File.CreateSymbolicLink(link, "dotfiles.json");

        var (exit, _, _) = await RunAsync(link, "--client", "cursor", "--to", $"a={Url}", "--write");

        Assert.Equal(0, exit);
        Assert.Equal("dotfiles.json", new FileInfo(link).LinkTarget);
        Assert.Contains(Url, Read(target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_project_is_not_written()
    {
        const string Content = """{"mcpServers": {"a": {"command": "x"}}}""";
        var target = Path.Combine(Home, "other.json");
        File.WriteAllText(target, Content);
        File.CreateSymbolicLink(Path.Combine(Project, ".mcp.json"), target);

        var (exit, _, error) = await RunAsync("--to", $"a={Url}", "--write");

        Assert.Equal(1, exit);
        Assert.Contains($"specify it: migrate {target}", error, StringComparison.Ordinal);
        AssertUntouched(target, Content);
    }

    [Fact]
    public async Task A_file_that_changed_between_reading_and_writing_is_not_overwritten()
    {
        var path = Write("mcp.json", "{\"new\": 1}");

        var error = await Assert.ThrowsAsync<ConfigFileException>(
            () => ConfigFile.RewriteAsync(
                path, Project, "{}"u8.ToArray(), "{\"mine\": 1}"u8.ToArray(), TestContext.Current.CancellationToken));

        Assert.Contains("changed by another program", error.Message, StringComparison.Ordinal);
        AssertUntouched(path, "{\"new\": 1}");
    }
}
