using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Provides the fleet's key ring to requests without blocking their threads. Data Protection reads the ring when the host starts, and
/// refreshes it in the background. When the read at the start failed, the first operation would block its thread until the state store
/// responds. This class lets one thread read the ring, and requests wait for it asynchronously.
/// </summary>
internal sealed class KeyRing(IDataProtectionProvider protection)
{
    private readonly Lock _lock = new();
    private Task? _reading;

    /// <summary>Returns a protector for one purpose.</summary>
    public FleetProtector Protector(string purpose, params string[] furtherPurposes) =>
        new(this, protection.CreateProtector(purpose, furtherPurposes));

    /// <summary>Completes when the ring is in memory.</summary>
    /// <exception cref="StateUnavailableException">The state store does not respond.</exception>
    public ValueTask ReadyAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _reading) is { IsCompletedSuccessfully: true }
            ? ValueTask.CompletedTask
            : new(Reading().WaitAsync(cancellationToken));

    /// <summary>
    /// Returns the failure of the state store that caused an error of Data Protection, which reports every failure as a cryptographic one.
    /// </summary>
    public static StateUnavailableException? Unavailable(CryptographicException error)
    {
        for (var cause = error.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is StateUnavailableException unavailable)
            {
                return unavailable;
            }
        }

        return null;
    }

    private Task Reading()
    {
        lock (_lock)
        {
            return _reading is null or { IsFaulted: true } ? _reading = Task.Run(Read) : _reading;
        }
    }

    private void Read()
    {
        try
        {
            protection.CreateProtector("RemoteMcp.DataProtection.KeyRing").Protect([]);
        }
        catch (CryptographicException exception) when (Unavailable(exception) is { } unavailable)
        {
            throw new StateUnavailableException(unavailable.Message, unavailable.RetryAfter, exception);
        }
    }
}
