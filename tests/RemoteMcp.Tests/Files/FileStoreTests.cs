using Microsoft.Extensions.Logging.Abstractions;
using RemoteMcp.Testing.Files;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Local;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Runs the contract with the safest access to a folder that the operating system supports.</summary>
public sealed class LocalFileStoreTests : FolderContract
{
    private protected override LocalFolder Open(string root) => LocalFolder.For(root, NullLogger.Instance);

    // The portable implementation reads these files as empty. This implementation detects them.
    private protected override async Task AssertNothingIsReadAsync(IFileStore store, string path) =>
        Assert.Equal(
            FileProblem.NotRegular, await ProblemOf(() => store.OpenAsync(Path(path), 0, TestContext.Current.CancellationToken).AsTask()));

    [Fact]
    public void Kernel_keeps_paths_inside_the_folder_on_Linux() =>
        Assert.Equal(OperatingSystem.IsLinux(), LocalFolder.For(System.IO.Path.GetTempPath(), NullLogger.Instance) is LinuxFolder);
}

/// <summary>Runs the contract with the access to a folder that Windows, macOS, and sandboxes use.</summary>
public sealed class PortableFileStoreTests : FolderContract
{
    private protected override LocalFolder Open(string root) => new PortableFolder(root);
}

/// <summary>Runs the contract with the store that other tests use, so that their results apply to the other stores.</summary>
public sealed class MemoryFileStoreTests : FileStoreContract
{
    private protected override Task<IFileStore> CreateAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        var store = new MemoryFileStore();
        foreach ((var path, var content) in files)
        {
            store.Write(path, content);
        }

        return Task.FromResult<IFileStore>(store);
    }
}
