using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// The fleet's key ring as requests use it: in memory, or awaited. Data Protection reads it when the host starts and refreshes it in
/// the background; but where the start could not read it, the first to seal or open would block a thread until the state store answers.
/// Here one thread does that for all, and the requests wait without one.
/// </summary>
internal sealed class KeyRing(IDataProtectionProvider protection)
{
    private readonly Lock _lock = new();
    private Task? _reading;

    /// <summary>A protector for one purpose.</summary>
    public FleetProtector Protector(string purpose, params string[] furtherPurposes) => new(this, protection.CreateProtector(purpose, furtherPurposes));

    /// <summary>Completes when the ring is in memory.</summary>
    /// <exception cref="StateUnavailableException">The state store does not answer.</exception>
    public ValueTask ReadyAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _reading) is { IsCompletedSuccessfully: true } ? ValueTask.CompletedTask : new(Reading().WaitAsync(cancellationToken));

    /// <summary>The failure of the state store behind an error of Data Protection, which calls every failure a cryptographic one.</summary>
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
        catch (CryptographicException error) when (Unavailable(error) is { } unavailable)
        {
            throw new StateUnavailableException(unavailable.Message, unavailable.RetryAfter, error);
        }
    }
}
