using RemoteMcp.Storage;
using RemoteMcp.Testing.Storage;

namespace RemoteMcp.Tests.Storage;

public sealed class GrantsInMemoryTests : GrantStoreContract
{
    private protected override Task<IStateStore> OpenAsync(TimeProvider time) => Task.FromResult<IStateStore>(new MemoryStateStore(time));
}
