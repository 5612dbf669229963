using Microsoft.Extensions.Logging.Abstractions;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Local;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests that changes affect only files in the folder and do not mix with other changes.</summary>
public abstract class FolderChangesContract : IDisposable
{
    private protected static readonly byte[] New = "new"u8.ToArray();

    private protected abstract LocalFolder Open(string root);

    private protected TempFolder Outside { get; } = new TempFolder().Write("file.txt", "outside").Write("dir/file.txt", "outside");

    private protected TempFolder Folder { get; } = new TempFolder().Write("d/file.txt", "inside");

    private protected LocalFileChanges Changes => new(Open(Folder.Root), new ProtectedNames([]));

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("link", "{outside}", "link/file.txt")]
    [InlineData("link", "{outside}", "link/created.txt")]
    [InlineData("link", "{outside}/dir", "link/deep/created.txt")]
    [InlineData("link", "../{outside-name}", "link/created.txt")]
    [InlineData("d/link", "../..", "d/link/created.txt")]
    [InlineData("link", "/", "link/tmp/created.txt")]
    [InlineData("link", "link", "link/created.txt")]
    [InlineData("link", "{root}/d", "link/created.txt")]
    public async Task Nothing_is_changed_through_a_link_that_leads_out(string link, string target, string path)
    {
        Folder.Link(
            link,
            target.Replace("{outside}", Outside.Root)
                .Replace("{outside-name}", Path.GetFileName(Outside.Root))
                .Replace("{root}", Folder.Root));

        Assert.Equal(FileProblem.LeavesRoot, Assert.Throws<FileProblemException>(() => Changes.Find(Parse(path))).Problem);
        Assert.Equal(
            FileProblem.LeavesRoot,
            (await Assert.ThrowsAsync<FileProblemException>(() => Changes.WriteAsync(Parse(path), New, null, Token).AsTask())).Problem);
        Assert.Equal(
            FileProblem.LeavesRoot,
            Assert.Throws<FileProblemException>(() => Changes.Delete(new FileEntry(Parse(path), FileKind.File))).Problem);
        AssertOutsideUnchanged();
    }

    [Theory]
    [InlineData("{outside}/file.txt")]
    [InlineData("{outside}/created.txt")]
    [InlineData("d/file.txt")]
    [InlineData("nowhere")]
    public async Task Write_to_a_link_does_not_change_its_target(string target)
    {
        Folder.Link("link", target.Replace("{outside}", Outside.Root));
        var found = Changes.Find(Parse("link"));

        Assert.Equal(FileKind.Link, found?.Kind);
        Assert.Equal(
            FileProblem.IsLink,
            (await Assert.ThrowsAsync<FileProblemException>(() => Changes.WriteAsync(Parse("link"), New, found, Token).AsTask())).Problem);
        Assert.Equal(
            FileProblem.Changed,
            (await Assert.ThrowsAsync<FileProblemException>(() => Changes.WriteAsync(Parse("link"), New, null, Token).AsTask())).Problem);
        AssertOutsideUnchanged();
        Assert.Equal(["d", "link"], Names(""));
    }

    [Fact]
    public async Task A_link_to_a_directory_inside_is_followed()
    {
        Folder.Link("link", "d");

        await Changes.WriteAsync(Parse("link/created.txt"), New, null, Token);
        Changes.Delete(Changes.Find(Parse("link/file.txt"))!);

        Assert.Equal(["created.txt"], Names("d"));
    }

    [Fact]
    public async Task Dangling_link_is_not_created_as_a_directory()
    {
        Folder.Link("link", "nowhere");

        var error = await Assert.ThrowsAsync<FileProblemException>(
            () => Changes.WriteAsync(Parse("link/a.txt"), New, null, Token).AsTask());
        Assert.Equal(FileProblem.NotFound, error.Problem);
        Assert.Equal(["d", "link"], Names(""));
    }

    [Fact]
    public async Task File_that_changed_in_the_meantime_is_not_modified()
    {
        var path = Parse("d/file.txt");
        var before = Changes.Find(path)!;
        Folder.Write("d/file.txt", "someone else's");

        Assert.Equal(
            FileProblem.Changed,
            (await Assert.ThrowsAsync<FileProblemException>(() => Changes.WriteAsync(path, New, before, Token).AsTask())).Problem);
        Assert.Equal(
            FileProblem.Changed,
            (await Assert.ThrowsAsync<FileProblemException>(() => Changes.WriteAsync(path, New, null, Token).AsTask())).Problem);
        Assert.Equal(FileProblem.Changed, Assert.Throws<FileProblemException>(() => Changes.Delete(before)).Problem);
        File.Delete(Folder.FullPath("d/file.txt"));
        Assert.Equal(
            FileProblem.Changed,
            (await Assert.ThrowsAsync<FileProblemException>(() => Changes.WriteAsync(path, New, before, Token).AsTask())).Problem);
        Assert.Equal(FileProblem.Changed, Assert.Throws<FileProblemException>(() => Changes.Delete(before)).Problem);
        Assert.Empty(Names("d"));
    }

    [Fact]
    public async Task Cancelled_write_leaves_no_files()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Changes.WriteAsync(Parse("d/new.txt"), new byte[1_000_000], null, new CancellationToken(canceled: true)).AsTask());

        Assert.Equal(["file.txt"], Names("d"));
    }

    [Fact]
    public async Task Readers_see_only_complete_content_and_writers_do_not_mix()
    {
        var path = Parse("d/shared.txt");
        byte[][] contents = [.. Enumerable.Range('a', 4).Select(letter => Enumerable.Repeat((byte)letter, 100_000).ToArray())];
        await Changes.WriteAsync(path, contents[0], null, Token);
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            var reads = 0;
            do
            {
                var seen = File.ReadAllBytes(Folder.FullPath("d/shared.txt"));
                Assert.Equal(100_000, seen.Length);
                Assert.Equal(-1, seen.AsSpan().IndexOfAnyExcept(seen[0]));
                reads++;
            }
            while (!done.IsCancellationRequested);
            return reads;
        }, Token);

        await Task.WhenAll(contents.Select(content => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                try
                {
                    await Changes.WriteAsync(path, content, Changes.Find(path), Token);
                }
                catch (FileProblemException exception) when (exception.Problem == FileProblem.Changed)
                {
                    // A different write was faster.
                }
            }
        }, Token)));

        await done.CancelAsync();
        Assert.True(await reading > 0);
        Assert.Equal(["file.txt", "shared.txt"], Names("d"));
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Folder.Dispose();
        Outside.Dispose();
    }

    private protected void AssertOutsideUnchanged()
    {
        Assert.Equal(
            ["dir", "file.txt"], Directory.GetFileSystemEntries(Outside.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["file.txt"], Directory.GetFileSystemEntries(Outside.FullPath("dir")).Select(Path.GetFileName));
        Assert.Equal("outside", File.ReadAllText(Outside.FullPath("file.txt")));
    }

    private protected static FilePath Parse(string path) =>
        FilePath.TryParse(path, out var parsed, out var problem) ? parsed : throw new ArgumentException(problem);

    private string[] Names(string directory) =>
    [
        .. Directory.GetFileSystemEntries(Folder.FullPath(directory))
            .Select(entry => Path.GetFileName(entry)!)
            .Order(StringComparer.Ordinal),
    ];
}

/// <summary>Runs the contract with the safest access to a folder that the operating system supports.</summary>
public sealed class LocalFileChangesTests : FolderChangesContract
{
    private protected override LocalFolder Open(string root) => LocalFolder.For(root, NullLogger.Instance);

    [Fact]
    public void Open_directory_stays_the_resolved_one_after_a_link_replaces_it()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var directory = Open(Folder.Root).OpenDirectory(Parse("d"));
        Directory.Move(Folder.FullPath("d"), Folder.FullPath("aside"));
        Folder.Link("d", Outside.Root);

        File.WriteAllText(directory.PathOf("created.txt"), "new");
        File.Move(directory.PathOf("created.txt"), directory.PathOf("file.txt"), overwrite: true);

        AssertOutsideUnchanged();
        Assert.Equal("new", File.ReadAllText(Folder.FullPath("aside/file.txt")));
    }

    [Fact]
    public async Task Directory_that_keeps_changing_to_a_link_never_lets_a_change_outside()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var done = new CancellationTokenSource();
        var swapping = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Directory.Move(Folder.FullPath("d"), Folder.FullPath("aside"));
                Replace(() => File.CreateSymbolicLink(Folder.FullPath("d"), Outside.Root));
                Replace(() => Directory.Move(Folder.FullPath("aside"), Folder.FullPath("d")));
            }
        }, Token);

        try
        {
            for (var i = 0; i < 500; i++)
            {
                await WriteIfPossibleAsync(Parse("d/file.txt"));
            }
        }
        finally
        {
            await done.CancelAsync();
            await swapping;
        }

        AssertOutsideUnchanged();
    }

    private async Task WriteIfPossibleAsync(FilePath path)
    {
        try
        {
            await Changes.WriteAsync(path, New, Changes.Find(path), Token);
        }
        catch (FileProblemException)
        {
            // At this time, the path was a link or a different directory.
        }
    }

    // Deletes the link, or a directory that a write created while the directory was missing, and then runs the action.
    private void Replace(Action put)
    {
        while (true)
        {
            try
            {
                if (new DirectoryInfo(Folder.FullPath("d")) is { Exists: true } there)
                {
                    there.Delete(recursive: there.LinkTarget is null);
                }

                put();
                return;
            }
            catch (Exception exception) when (exception is IOException or AggregateException)
            {
                // A write created the directory again.
            }
        }
    }
}

/// <summary>Runs the contract with the access to a folder that Windows, macOS, and sandboxes use.</summary>
public sealed class PortableFileChangesTests : FolderChangesContract
{
    private protected override LocalFolder Open(string root) => new PortableFolder(root);
}
