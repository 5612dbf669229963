using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Encrypts and authenticates ("seals") content with the fleet's key ring, for one purpose. It distinguishes a key ring that cannot be read
/// at the moment from content that this server did not seal.
/// </summary>
internal sealed class FleetProtector(KeyRing ring, IDataProtector protector)
{
    /// <summary>Encrypts and authenticates content.</summary>
    /// <exception cref="StateUnavailableException">The ring is not in memory yet, and the state store does not respond.</exception>
    public async ValueTask<byte[]> SealAsync(byte[] content, CancellationToken cancellationToken)
    {
        await ring.ReadyAsync(cancellationToken);
        return protector.Protect(content);
    }

    /// <summary>Decrypts sealed content.</summary>
    /// <returns>The content, or <see langword="null"/> when no key of the ring can open it.</returns>
    /// <exception cref="StateUnavailableException">The ring is not in memory yet, and the state store does not respond.</exception>
    public async ValueTask<byte[]?> TryOpenAsync(byte[] sealedContent, CancellationToken cancellationToken)
    {
        await ring.ReadyAsync(cancellationToken);
        try
        {
            return protector.Unprotect(sealedContent);
        }
        catch (CryptographicException exception)
        {
            // In the first two minutes of a process, Data Protection looks for an unknown key in the store.
            return KeyRing.FindUnavailable(exception) is { } unavailable
                ? throw new StateUnavailableException(unavailable.Message, unavailable.RetryAfter, exception)
                : null;
        }
    }
}
