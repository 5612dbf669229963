using RemoteMcp.AuthorizationServer.Upstream;
using RemoteMcp.DataProtection;
using RemoteMcp.Health;

namespace RemoteMcp.AuthorizationServer;

/// <summary>
/// Checks whether people can sign in: the keys that sign access tokens are readable, and the server has its credential for Entra ID.
/// </summary>
internal sealed class AuthorizationServerHealthCheck(SigningKeys keys, UpstreamCredential credential, TimeProvider time)
    : SharedHealthCheck(
        "The signing keys are not readable, or the server has no credential for Entra ID. Check the managed identity, and set "
            + "RemoteMcp:ManagedIdentity:ClientId or RemoteMcp:AuthorizationServer:CertificatePath.",
        time)
{
    protected override async Task AskAsync(CancellationToken cancellationToken)
    {
        await keys.GetCurrentAsync(cancellationToken);
        await credential.CheckAsync(cancellationToken);
    }
}
