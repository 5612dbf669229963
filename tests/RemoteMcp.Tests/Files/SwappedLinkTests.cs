using Microsoft.Extensions.Logging.Abstractions;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Local;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests that a directory that becomes a link after the check of a path does not give access to files outside.</summary>
public sealed class SwappedLinkTests : IDisposable
{
    private readonly TempFolder _outside = new TempFolder().Write("file.txt", "secret");
    private readonly TempFolder _folder = new TempFolder().Write("d/file.txt", "inside");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Directory_replaced_by_a_link_after_the_check_is_detected_after_opening()
    {
        var store = new LocalFileStore(new SwappingFolder(_folder.Root, beforeOpening: SwapForLink));

        var refusal = await Assert.ThrowsAsync<FileProblemException>(() => store.OpenAsync(Parse("d/file.txt"), 0, Token).AsTask());

        Assert.Equal(FileProblem.LeavesRoot, refusal.Problem);
    }

    [Fact]
    public async Task Directory_that_keeps_changing_to_a_link_never_exposes_outside_files()
    {
        var store = new LocalFileStore(LocalFolder.For(_folder.Root, NullLogger.Instance));
        using var done = new CancellationTokenSource();
        var swapping = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                SwapForLink();
                File.Delete(_folder.FullPath("d"));
                Directory.Move(_folder.FullPath("aside"), _folder.FullPath("d"));
            }
        }, Token);

        var seen = new HashSet<string>();
        for (var i = 0; i < 3000; i++)
        {
            seen.Add(await ReadAsync(store));
        }

        await done.CancelAsync();
        await swapping;
        Assert.DoesNotContain("secret", seen);
    }

    private static async Task<string> ReadAsync(LocalFileStore store)
    {
        try
        {
            await using var content = await store.OpenAsync(Parse("d/file.txt"), 0, Token);
            return await new StreamReader(content.Stream).ReadToEndAsync(Token);
        }
        catch (FileProblemException exception)
        {
            return exception.Problem.ToString();
        }
    }

    private void SwapForLink()
    {
        Directory.Move(_folder.FullPath("d"), _folder.FullPath("aside"));
        File.CreateSymbolicLink(_folder.FullPath("d"), _outside.Root);
    }

    private static FilePath Parse(string path) => FilePath.TryParse(path, out var parsed, out _) ? parsed : default;

    public void Dispose()
    {
        _folder.Dispose();
        _outside.Dispose();
    }

    private sealed class SwappingFolder(string root, Action beforeOpening) : PortableFolder(root)
    {
        protected override FileStream OpenResolved(string fullPath)
        {
            beforeOpening();
            return base.OpenResolved(fullPath);
        }
    }
}
