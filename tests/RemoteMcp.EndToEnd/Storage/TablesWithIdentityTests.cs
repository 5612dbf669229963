using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Emulators;
using RemoteMcp.Storage;
using RemoteMcp.Storage.Tables;
using RemoteMcp.Testing.Storage;
using Xunit;

namespace RemoteMcp.EndToEnd.Storage;

/// <summary>
/// Runs the state store contract on the tables for sessions and analytics without a key. A bearer token replaces the signature of each
/// request.
/// </summary>
[Collection(KeylessAzurite.Collection)]
public sealed class TablesWithIdentityTests(KeylessAzurite storage) : StateStoreContract
{
    private protected override Task<IStateStore> OpenAsync(TimeProvider time) =>
        Task.FromResult<IStateStore>(
            new TableStateStore(storage.Tables(storage.NewIdentity()), SharedAzurite.UniqueName(), new StorageClock(time)));
}
