using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// The tokens of on-behalf-of in the state store, so that any instance finds what another one has exchanged: table <c>Tokens</c>, a
/// partition for each token that a caller sent, one row in it, sealed with the fleet's key ring.
/// </summary>
/// <remarks>
/// Microsoft.Identity.Web's own encryption is off: it would block a thread for a ring that is not in memory, and fails for ever on a row
/// that no key opens. Here such a row counts as missing. Whoever has no cache gets a new token: the storage is waited for only
/// briefly, and its failures are the adapter's to log.
/// </remarks>
internal sealed partial class TokenRows(IStateStore store, KeyRing ring, TimeProvider time, ILogger<TokenRows> logger) : IDistributedCache
{
    public const string Table = "Tokens";

    private const string Row = "tokens";

    // Base64 takes four bytes for three, the seal and the quotation marks a few more.
    private const int MaxContent = (StateLimits.MaxBodyBytes / 4 * 3) - 1024;

    // Entra's longest access token lives 90 minutes on average; no request can ask for its tokens after that.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(90);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly FleetProtector _protector = ring.Protector("RemoteMcp.Auth.Tokens");

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => BoundedAsync(
        async ends => await store.FindAsync(KeyOf(key), ends) is { } row ? await OpenAsync(row.Body, ends) : null, token);

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        if (value.Length > MaxContent)
        {
            LogTooLarge(value.Length);
            return Task.CompletedTask;
        }

        return BoundedAsync(
            async ends =>
            {
                var now = time.GetUtcNow();
                var expires = options.AbsoluteExpiration is { } end && end < now + Lifetime ? end : now + Lifetime;
                var body = BinaryData.FromObjectAsJson(Base64Url.EncodeToString(await _protector.SealAsync(value, ends)));
                var row = KeyOf(key);
                // Of two that write at the same time one wins; the other's token is exchanged anew when it is missed.
                return await store.TryInsertAsync(row, body, expires, ends)
                    ?? (await store.FindAsync(row, ends) is { } old ? await store.TryReplaceAsync(row, old.ETag, body, expires, ends) : null);
            },
            token);
    }

    public Task RemoveAsync(string key, CancellationToken token = default) => BoundedAsync(
        async ends =>
        {
            await store.DeleteAsync(KeyOf(key), ends);
            return true;
        },
        token);

    /// <summary>Does nothing: a row lives as long as the token that it belongs to.</summary>
    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    byte[]? IDistributedCache.Get(string key) => throw new NotSupportedException();

    void IDistributedCache.Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    void IDistributedCache.Remove(string key) => throw new NotSupportedException();

    void IDistributedCache.Refresh(string key) => throw new NotSupportedException();

    // The library's keys are as long as they like, and name the app; a hash is neither.
    private static StateKey KeyOf(string key) => new(Table, Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(key))), Row);

    private async ValueTask<byte[]?> OpenAsync(BinaryData body, CancellationToken cancellationToken)
    {
        try
        {
            return await _protector.TryOpenAsync(Base64Url.DecodeFromChars(body.ToObjectFromJson<string>()), cancellationToken);
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return null;
        }
    }

    private async Task<T> BoundedAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        return await operation(ends.Token).WaitAsync(ends.Token);
    }

    [LoggerMessage(LogLevel.Information, "A caller's tokens are not kept for the other instances: {Length} bytes are more than a row holds.")]
    private partial void LogTooLarge(int length);
}
