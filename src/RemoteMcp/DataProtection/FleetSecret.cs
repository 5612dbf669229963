using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Secrets that all instances share and no person knows: 32 random bytes a purpose, made by whichever instance asks first, stored
/// sealed with the key ring, and remembered by each process for its life. For keyed checksums, which must stay the same where the
/// ring rotates.
/// </summary>
/// <remarks>
/// A stored secret that no key of the ring opens (the ring was lost, or its key was revoked) is replaced, with a warning in the log.
/// What was made with the old one is refused from then on; instances that remember it agree with the others after their restart.
/// </remarks>
internal sealed partial class FleetSecret(IStateStore store, KeyRing ring, ILogger<FleetSecret> logger)
{
    private const int Length = 32;

    // Every lost race leaves a row to read: more than a few rounds mean that somebody keeps changing it.
    private const int MaxRounds = 5;

    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _known = new(StringComparer.Ordinal);

    /// <summary>The secret of a purpose: 32 bytes, the same on every instance. Only the first call of a process reads storage.</summary>
    /// <param name="purpose">What it is for; a valid row key.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <exception cref="StateUnavailableException">It is not known yet and the state store does not answer.</exception>
    public ValueTask<ReadOnlyMemory<byte>> GetAsync(string purpose, CancellationToken cancellationToken) =>
        _known.TryGetValue(purpose, out var secret) ? new(secret) : new(ReadOrCreateAsync(purpose, cancellationToken));

    private async Task<ReadOnlyMemory<byte>> ReadOrCreateAsync(string purpose, CancellationToken cancellationToken)
    {
        var key = new StateKey(KeyRows.Table, KeyRows.Secrets, purpose);
        var protector = ring.Protector("RemoteMcp.DataProtection.FleetSecret", purpose);
        for (var round = 0; round < MaxRounds; round++)
        {
            var row = await store.FindAsync(key, cancellationToken);
            if (row is not null && await OpenAsync(protector, row.Body, cancellationToken) is { } stored)
            {
                return _known.GetOrAdd(purpose, stored);
            }

            var secret = RandomNumberGenerator.GetBytes(Length);
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
                return _known.GetOrAdd(purpose, secret);
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
        catch (Exception error) when (error is FormatException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "No key of the ring opens the fleet's secret '{Purpose}': it is replaced. What was made with the old one is refused.")]
    private partial void LogReplaced(string purpose);
}
