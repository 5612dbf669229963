using RemoteMcp.Health;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>Whether the container answers and may be listed: one bounded request.</summary>
internal sealed class BlobHealthCheck(BlobFileStore store, TimeProvider time) : SharedHealthCheck("The container of the shared folder cannot be listed.", time)
{
    protected override Task AskAsync(CancellationToken cancellationToken) => store.ProbeAsync(cancellationToken);
}
