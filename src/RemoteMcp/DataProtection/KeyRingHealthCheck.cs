using RemoteMcp.Health;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Checks whether the key ring is in memory, or can be read and decrypted now. When it is in memory, the check sends no request: an outage
/// of Key Vault does not affect an instance that has started.
/// </summary>
internal sealed class KeyRingHealthCheck(KeyRing ring, TimeProvider time)
    : SharedHealthCheck("The key ring cannot be read from the state storage, or cannot be decrypted with Key Vault.", time)
{
    protected override async Task AskAsync(CancellationToken cancellationToken) => await ring.ReadyAsync(cancellationToken);
}
