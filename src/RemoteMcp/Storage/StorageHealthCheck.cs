using RemoteMcp.Health;

namespace RemoteMcp.Storage;

/// <summary>Checks whether the state storage responds, with one read of a row that does not exist. The read has a timeout.</summary>
internal sealed class StorageHealthCheck(IStateStore store, TimeProvider time)
    : SharedHealthCheck("The state storage does not answer.", time)
{
    private static readonly StateKey s_absent = new(StateLease.Table, "readiness", "absent");

    protected override async Task AskAsync(CancellationToken cancellationToken) => await store.FindAsync(s_absent, cancellationToken);
}
