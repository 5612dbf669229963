using System.Text.Json.Nodes;
using RemoteMcp.Cli.Clients;
using RemoteMcp.Cli.Clients.Jsonc;
using RemoteMcp.Clients;
using Xunit;

namespace RemoteMcp.Tests.Clients;

public sealed class ConfigFileTests : IDisposable
{
    private static readonly string[] s_property = ["mcpServers", "a"];

    private readonly string _folder = Directory.CreateTempSubdirectory("configfile").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Missing_file_is_created_with_its_folders()
    {
        var path = Path.Combine(_folder, "new", "folder", "mcp.json");

        var change = await SetAsync(path);

        Assert.Equal((path, JsoncChange.Added, null, true), (change.Path, change.Change, change.BackupPath, change.IsStrictJson));
        Assert.Equal([path], Directory.EnumerateFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task A_symbolic_link_stays_a_link_and_its_target_is_changed()
    {
        var target = Write("dotfiles.json", """{"mcpServers": {"a": 1}}""");
        var link = Path.Combine(_folder, "mcp.json");
        var linkToLink = Path.Combine(_folder, "link.json");
        File.CreateSymbolicLink(link, "dotfiles.json");
        File.CreateSymbolicLink(linkToLink, link);

        var change = await SetAsync(linkToLink);

        Assert.Equal(target, change.Path);
        Assert.Equal(target + ".bak", change.BackupPath);
        Assert.Equal("dotfiles.json", new FileInfo(link).LinkTarget);
        Assert.Equal(link, new FileInfo(linkToLink).LinkTarget);
        Assert.Null(new FileInfo(target).LinkTarget);
        Assert.Contains("true", File.ReadAllText(target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_target_of_a_link_is_created()
    {
        var link = Path.Combine(_folder, "mcp.json");
        File.CreateSymbolicLink(link, Path.Combine(_folder, "later.json"));

        await SetAsync(link);

        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.True(File.Exists(Path.Combine(_folder, "later.json")));
    }

    [Theory]
    [InlineData("project/mcp.json", "../outside.json")]
    [InlineData("project/.cursor", "../elsewhere")]
    [InlineData("project/.cursor", "inner/../../elsewhere")]
    public async Task A_link_that_leads_out_of_the_folder_is_refused(string link, string target)
    {
        var project = Directory.CreateDirectory(Path.Combine(_folder, "project", "inner")).Parent!.FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "elsewhere"));
        var outside = Write("outside.json", "{}");
        File.CreateSymbolicLink(Path.Combine(_folder, link), target);
        var isFolder = !link.EndsWith(".json", StringComparison.Ordinal);
        var path = Path.Combine(_folder, isFolder ? link + "/mcp.json" : link);

        var error = await Assert.ThrowsAsync<ConfigFileException>(() => SetAsync(path, project));

        var real = isFolder ? Path.Combine(_folder, "elsewhere", "mcp.json") : outside;
        Assert.Contains($"leads through a link to {real}, outside of {project}.", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"--write {real}", error.Message, StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(outside));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "elsewhere")));
    }

    [Theory]
    [InlineData("new/folder/mcp.json")]
    [InlineData("new/mcp.json")]
    public async Task A_dangling_link_creates_no_folder(string target)
    {
        var link = Path.Combine(_folder, "mcp.json");
        File.CreateSymbolicLink(link, target);

        var error = await Assert.ThrowsAsync<ConfigFileException>(() => SetAsync(link));

        Assert.Contains($"{Path.Combine(_folder, target)}, whose folder does not exist", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "new")));
    }

    [Fact]
    public async Task A_folder_that_is_reached_through_a_link_itself_is_accepted()
    {
        var real = Directory.CreateDirectory(Path.Combine(_folder, "real")).FullName;
        var home = Path.Combine(_folder, "home");
        Directory.CreateSymbolicLink(home, real);

        var change = await SetAsync(Path.Combine(home, ".cursor", "mcp.json"), home);

        Assert.Equal(Path.Combine(real, ".cursor", "mcp.json"), change.Path);
        Assert.True(File.Exists(change.Path));
    }

    [Theory]
    [InlineData("/home/u/src/project", "/home/u/src/project/.cursor/mcp.json", "/home/u/src/project")]
    [InlineData("/home/u/src/project", "/home/u/.cursor/mcp.json", "/home/u")]
    [InlineData("/", "/home/u/.cursor/mcp.json", "/home/u")]
    [InlineData("/home/u/src/project", "/etc/mcp/mcp.json", "/etc/mcp")]
    [InlineData("/home/u/src/project", "/home/u/src/project2/mcp.json", "/home/u")]
    public void File_belongs_to_the_project_or_to_the_home_folder(string project, string path, string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Other paths.
        }

        Assert.Equal(folder, ConfigPath.FolderOf(path, new UserEnvironment(project, "/home/u", "/home/u/.config", null)));
    }

    [Fact]
    public async Task File_and_backup_keep_the_permissions()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // No permission bits; File.Replace keeps the access control list.
        }

        var path = Write("mcp.json", """{"mcpServers": {"a": "secret"}}""");
        const UnixFileMode Odd = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(path, Odd);

        var change = await SetAsync(path);

        Assert.Equal(Odd, File.GetUnixFileMode(path));
        Assert.Equal(Odd, File.GetUnixFileMode(change.BackupPath!));
    }

    [Fact]
    public async Task A_read_only_file_is_refused_and_not_changed()
    {
        var path = Write("mcp.json", "{}");
        File.SetAttributes(path, FileAttributes.ReadOnly);

        var error = await Assert.ThrowsAsync<ConfigFileException>(() => SetAsync(path));

        Assert.Contains("read-only", error.Message, StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(path));
        File.SetAttributes(path, FileAttributes.Normal);
    }

    [Fact]
    public async Task A_folder_is_refused() => Assert.Contains(
        "is a folder", (await Assert.ThrowsAsync<ConfigFileException>(() => SetAsync(_folder))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_path_below_a_file_is_refused()
    {
        var file = Write("file", "{}");

        var error = await Assert.ThrowsAsync<ConfigFileException>(() => SetAsync(Path.Combine(file, "mcp.json")));

        Assert.Contains(Path.Combine(file, "mcp.json"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_itself_is_refused()
    {
        var link = Path.Combine(_folder, "loop.json");
        File.CreateSymbolicLink(link, link);

        await Assert.ThrowsAsync<ConfigFileException>(() => SetAsync(link));
    }

    [Fact]
    public async Task A_cancelled_change_leaves_no_trace()
    {
        var path = Write("mcp.json", """{"mcpServers": {"a": 1}}""");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ConfigFile.SetAsync(path, _folder, s_property, JsonValue.Create(true), new CancellationToken(canceled: true)));

        Assert.Equal("""{"mcpServers": {"a": 1}}""", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(_folder));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private Task<ConfigFileChange> SetAsync(string path, string? folder = null) =>
        ConfigFile.SetAsync(path, folder ?? _folder, s_property, JsonValue.Create(true), TestContext.Current.CancellationToken);
}
