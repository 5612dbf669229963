using System.Text;
using RemoteMcp.Testing.Files;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tests.Files.Blobs;

/// <summary>Runs the contract with a service that lists names in UTF-16 order and in small pages.</summary>
public sealed class BlobFileStoreTests : BlobStoreContract
{
    private protected override FakeBlobService Service() => new() { PageSize = 2 };
}

/// <summary>Runs the contract with a service that lists names in UTF-8 order. Characters above U+FFFF are last in this order.</summary>
public sealed class Utf8OrderedBlobTests : BlobStoreContract
{
    private protected override FakeBlobService Service() => new()
    {
        PageSize = 3,
        Order = Comparer<string>.Create(
            static (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))),
    };
}

/// <summary>Runs the contract with a hierarchical namespace, in which a slash sorts before all other characters.</summary>
public sealed class HierarchicalBlobTests : BlobStoreContract
{
    private protected override FakeBlobService Service() =>
        new() { Order = Comparer<string>.Create(static (a, b) => string.CompareOrdinal(a.Replace('/', '\0'), b.Replace('/', '\0'))) };
}

/// <summary>Runs the contract with a folder of a container and a capacity of two entries per level.</summary>
public sealed class SmallCapacityBlobTests : BlobStoreContract
{
    private protected override FakeBlobService Service() =>
        new() { Order = Comparer<string>.Create(static (a, b) => string.CompareOrdinal(b, a)) };

    private protected override string Folder => "team docs/2026";

    private protected override int LevelCapacity => 2;
}

/// <summary>Provides the store for each of the contracts above.</summary>
public abstract class BlobStoreContract : FileStoreContract
{
    private protected abstract FakeBlobService Service();

    private protected virtual string Folder => "";

    private protected virtual int LevelCapacity => 20_000;

    private protected override Task<IFileStore> CreateAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        var service = Service().Put("team docs/2026x", "beside").Put("team docs/secret", "above");
        if (Folder.Length == 0)
        {
            service = Service();
        }

        foreach ((var path, var content) in files)
        {
            service.Put(Folder.Length == 0 ? path : $"{Folder}/{path}", new FakeBlob(content));
        }

        return Task.FromResult<IFileStore>(service.Open(Path(Folder), LevelCapacity));
    }
}
