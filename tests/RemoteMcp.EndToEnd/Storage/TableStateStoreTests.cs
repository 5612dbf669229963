using Azure.Data.Tables;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.Storage;
using RemoteMcp.Storage.Tables;
using RemoteMcp.Testing.Storage;

namespace RemoteMcp.EndToEnd.Storage;

public sealed class TableStateStoreTests(SharedAzurite azurite) : StateStoreContract
{
    private protected override async Task<IStateStore> OpenAsync(TimeProvider time)
    {
        var service = new TableServiceClient((await azurite.GetAsync()).ConnectionString, LongTimeoutTables.Options());
        return new TableStateStore(service, SharedAzurite.UniqueName(), new StorageClock(time));
    }
}
