using RemoteMcp.Tests.Tools;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests that no path changes a file outside the shared folder, even if the user confirms every question.</summary>
public sealed class HostileChangeTests : IAsyncLifetime
{
    private readonly TempFolder _parent = new TempFolder()
        .Write("outside.txt", "outside")
        .Write("shared/file.txt", "inside")
        .Write("shared/sub/file.txt", "inside");
    private ToolServer _server = null!;

    public static TheoryData<string> Paths => HostilePaths.All;

    public async ValueTask InitializeAsync()
    {
        _server = await FileServer.StartAsync(_parent.FullPath("shared"), null, ("AllowChanges", "true"));
        _server.User.Confirms = true;
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_hostile_path_changes_nothing_outside(string path)
    {
        var spelled = path.Replace("{root}", _parent.FullPath("shared")).Replace("{parent}", _parent.Root);

        // Some paths are valid names, so the tool may create these files inside the folder.
        var written = await _server.CallAsync(
            "write_file", new { path = spelled, content = "hacked" }, cancellationToken: TestContext.Current.CancellationToken);
        var deleted = await _server.CallAsync(
            "delete_path", new { path = spelled }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(written.IsError, deleted.IsError);
        Assert.True(
            written.IsError is not true || ToolServer.TextOf(written).StartsWith("path: ", StringComparison.Ordinal),
            ToolServer.TextOf(written));
        Assert.Equal(
            ["outside.txt", "shared"], Directory.GetFileSystemEntries(_parent.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("outside", File.ReadAllText(_parent.FullPath("outside.txt")));
        Assert.Equal("inside", File.ReadAllText(_parent.FullPath("shared/file.txt")));
        Assert.Equal("inside", File.ReadAllText(_parent.FullPath("shared/sub/file.txt")));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _parent.Dispose();
    }
}
