using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Provides secrets that all instances share and no person knows. Each purpose has a secret of 32 random bytes. The first instance that
/// needs it creates it and stores it sealed with the key ring, and each process keeps it in memory. The secrets are for keyed checksums,
/// which must not change when the ring rotates.
/// </summary>
/// <remarks>
/// When no key of the ring opens a stored secret (the ring was lost, or its key was revoked), the secret is replaced, with a warning in the
/// log. Values that were created with the old secret are refused from then on. Instances that have the old secret in memory use it until
/// they restart.
/// </remarks>
internal sealed partial class FleetSecret(IStateStore store, KeyRing ring, ILogger<FleetSecret> logger)
{
    private const int SecretLength = 32;

    // If another instance writes the row first, this instance reads that row in its next attempt. Usually, two attempts are enough.
    private const int MaxAttempts = 5;

    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _secrets = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns the secret for a purpose: 32 bytes, the same on every instance. Only the first call in a process reads the storage.
    /// </summary>
    /// <param name="purpose">The purpose; a valid row key.</param>
    /// <param name="cancellationToken">The token that stops the wait.</param>
    /// <exception cref="StateUnavailableException">The secret is not in memory yet, and the state store does not respond.</exception>
    public ValueTask<ReadOnlyMemory<byte>> GetAsync(string purpose, CancellationToken cancellationToken) =>
        _secrets.TryGetValue(purpose, out var secret) ? new(secret) : new(ReadOrCreateAsync(purpose, cancellationToken));

    private async Task<ReadOnlyMemory<byte>> ReadOrCreateAsync(string purpose, CancellationToken cancellationToken)
    {
        var key = new StateKey(KeyRows.Table, KeyRows.Secrets, purpose);
        var protector = ring.Protector("RemoteMcp.DataProtection.FleetSecret", purpose);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var row = await store.FindAsync(key, cancellationToken);
            if (row is not null && await OpenAsync(protector, row.Body, cancellationToken) is { } stored)
            {
                return _secrets.GetOrAdd(purpose, stored);
            }

            var secret = RandomNumberGenerator.GetBytes(SecretLength);
            var body = BinaryData.FromObjectAsJson(Base64Url.EncodeToString(await protector.SealAsync(secret, cancellationToken)));
            if (row is not null)
            {
                LogReplaced(purpose);
            }

            var written = row is null
                ? await store.TryInsertAsync(key, body, KeyRows.Never, cancellationToken)
                : await store.TryReplaceAsync(key, row.ETag, body, KeyRows.Never, cancellationToken);
            if (written is not null)
            {
                return _secrets.GetOrAdd(purpose, secret);
            }
        }

        throw new StateUnavailableException($"The fleet's secret '{purpose}' keeps changing.", TimeSpan.FromSeconds(1));
    }

    private static async ValueTask<byte[]?> OpenAsync(FleetProtector protector, BinaryData body, CancellationToken cancellationToken)
    {
        try
        {
            return await protector.TryOpenAsync(Base64Url.DecodeFromChars(body.ToObjectFromJson<string>()), cancellationToken);
        }
        catch (Exception exception) when (exception is FormatException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "No key in the key ring can decrypt the fleet's secret '{Purpose}'. The server replaces the secret, and refuses what the old one "
            + "protected.")]
    private partial void LogReplaced(string purpose);
}
