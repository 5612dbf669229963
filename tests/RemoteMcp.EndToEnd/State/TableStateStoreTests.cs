using Azure.Data.Tables;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.State;
using RemoteMcp.State.Tables;
using RemoteMcp.Tests.State;

namespace RemoteMcp.EndToEnd.State;

public sealed class TableStateStoreTests(SharedAzurite azurite) : StateStoreContract
{
    private protected override async Task<IStateStore> OpenAsync(TimeProvider time)
    {
        var service = new TableServiceClient((await azurite.GetAsync()).ConnectionString, PatientTables.Options());
        return new TableStateStore(service, SharedAzurite.UniqueName(), time);
    }
}
