using System.Text;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tests.Files.Blobs;

/// <summary>The contract on a container whose service lists in the order of UTF-16, a few names at a time.</summary>
public sealed class BlobFileStoreTests : BlobStoreContract
{
    private protected override FakeBlobService Service() => new() { PageSize = 2 };
}

/// <summary>The contract on a container whose service lists in the order of UTF-8: names beyond U+FFFF last.</summary>
public sealed class Utf8OrderedBlobTests : BlobStoreContract
{
    private protected override FakeBlobService Service() =>
        new() { PageSize = 3, Order = Comparer<string>.Create(static (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))) };
}

/// <summary>The contract on a container with a hierarchical namespace, where a slash comes before all else.</summary>
public sealed class HierarchicalBlobTests : BlobStoreContract
{
    private protected override FakeBlobService Service() => new() { Order = Comparer<string>.Create(static (a, b) => string.CompareOrdinal(a.Replace('/', '\0'), b.Replace('/', '\0'))) };
}

/// <summary>The contract on a folder of a container, of which only two entries are held at a time.</summary>
public sealed class TightBlobTests : BlobStoreContract
{
    private protected override FakeBlobService Service() => new() { Order = Comparer<string>.Create(static (a, b) => string.CompareOrdinal(b, a)) };

    private protected override string Folder => "team docs/2026";

    private protected override int LevelCapacity => 2;
}

/// <summary>What all of them are held to.</summary>
public abstract class BlobStoreContract : FileStoreContract
{
    private protected abstract FakeBlobService Service();

    private protected virtual string Folder => "";

    private protected virtual int LevelCapacity => 20_000;

    private protected override Task<IFileStore> CreateAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        FakeBlobService service = Service().Put("team docs/2026x", "beside").Put("team docs/secret", "above");
        if (Folder.Length == 0)
        {
            service = Service();
        }

        foreach ((string path, byte[] content) in files)
        {
            service.Put(Folder.Length == 0 ? path : $"{Folder}/{path}", new FakeBlob(content));
        }

        return Task.FromResult<IFileStore>(service.Open(Path(Folder), LevelCapacity));
    }
}
