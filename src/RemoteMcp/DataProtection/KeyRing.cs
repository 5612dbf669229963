using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Provides the fleet's key ring to requests without blocking their threads. Data Protection reads the ring when the host starts, and
/// refreshes it in the background. If the read at the start fails, Data Protection reads the ring in its next operation, which blocks the
/// thread until the state store responds. With this class, one background thread reads the ring, and requests wait for it asynchronously.
/// </summary>
internal sealed class KeyRing(IDataProtectionProvider protection)
{
    private readonly Lock _lock = new();
    private Task? _read;

    /// <summary>Returns a protector for one purpose.</summary>
    public FleetProtector Protector(string purpose, params string[] furtherPurposes) =>
        new(this, protection.CreateProtector(purpose, furtherPurposes));

    /// <summary>Completes when the ring is in memory.</summary>
    /// <exception cref="StateUnavailableException">The state store does not respond.</exception>
    public ValueTask ReadyAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _read) is { IsCompletedSuccessfully: true }
            ? ValueTask.CompletedTask
            : new(ReadAsync().WaitAsync(cancellationToken));

    /// <summary>
    /// Returns the failure of the state store that caused <paramref name="error"/>, or <see langword="null"/> if the error has another
    /// cause. Data Protection reports every failure as a <see cref="CryptographicException"/>.
    /// </summary>
    public static StateUnavailableException? FindUnavailable(CryptographicException error)
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

    /// <summary>Returns the read of the ring that all requests share. A read that failed is started again.</summary>
    private Task ReadAsync()
    {
        lock (_lock)
        {
            return _read is null or { IsFaulted: true } ? _read = Task.Run(Read) : _read;
        }
    }

    private void Read()
    {
        try
        {
            // Data Protection reads the ring in its first operation. The result of this one is not used.
            protection.CreateProtector("RemoteMcp.DataProtection.KeyRing").Protect([]);
        }
        catch (CryptographicException exception) when (FindUnavailable(exception) is { } unavailable)
        {
            throw new StateUnavailableException(unavailable.Message, unavailable.RetryAfter, exception);
        }
    }
}
