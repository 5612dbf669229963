using Microsoft.Extensions.Logging.Abstractions;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Local;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>The contract on a folder, reached in the safest way that this machine offers.</summary>
public sealed class LocalFileStoreTests : FolderContract
{
    private protected override LocalFolder Open(string root) => LocalFolder.For(root, NullLogger.Instance);

    // The portable way reads them as empty; here they are told apart.
    private protected override async Task AssertNothingIsReadAsync(IFileStore store, string path) =>
        Assert.Equal(FileProblem.NotRegular, await ProblemOf(() => store.OpenAsync(Path(path), 0, TestContext.Current.CancellationToken).AsTask()));

    [Fact]
    public void Kernel_keeps_paths_inside_the_folder_on_Linux() =>
        Assert.Equal(OperatingSystem.IsLinux(), LocalFolder.For(System.IO.Path.GetTempPath(), NullLogger.Instance) is LinuxFolder);
}

/// <summary>The contract on a folder, reached in the way of Windows, macOS and sandboxes.</summary>
public sealed class PortableFileStoreTests : FolderContract
{
    private protected override LocalFolder Open(string root) => new PortableFolder(root);
}

/// <summary>The contract on the tests' own store, so that what is tested on it is true of the others.</summary>
public sealed class MemoryFileStoreTests : FileStoreContract
{
    private protected override Task<IFileStore> CreateAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        var store = new MemoryFileStore();
        foreach ((string path, byte[] content) in files)
        {
            store.Write(path, content);
        }

        return Task.FromResult<IFileStore>(store);
    }
}
