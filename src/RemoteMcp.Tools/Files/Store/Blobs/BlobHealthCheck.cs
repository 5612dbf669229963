using RemoteMcp.Health;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>
/// Checks with one request, which has a timeout, that the container responds and that the server has permission to list it.
/// </summary>
internal sealed class BlobHealthCheck(BlobFileStore store, TimeProvider time)
    : SharedHealthCheck("The container of the shared folder cannot be listed.", time)
{
    protected override Task AskAsync(CancellationToken cancellationToken) => store.ProbeAsync(cancellationToken);
}
