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
/// Caches the tokens of the on-behalf-of exchange in the state store, so that every instance can use the tokens that another instance
/// acquired. The table <c>Tokens</c> has one partition for each token that a caller sent. Each partition has one row, which is sealed with
/// the fleet's key ring.
/// </summary>
/// <remarks>
/// This class encrypts the tokens itself. The encryption of Microsoft.Identity.Web is off, for two reasons. It would block a thread while
/// the key ring is not in memory. For a row that no key can open, it would fail each time, whereas this class treats such a row as missing.
/// If the storage does not respond in time, the server gets a new token, so operations on the storage have a short timeout. Microsoft's
/// <c>MsalDistributedTokenCacheAdapter</c>, which calls this class, logs the failures of the storage.
/// </remarks>
internal sealed partial class ExchangedTokenCache(
    IStateStore store, KeyRing ring, TimeProvider time, ILogger<ExchangedTokenCache> logger) : IDistributedCache
{
    public const string Table = "Tokens";

    private const string Row = "tokens";

    // Base64 encodes three bytes as four characters. The seal and the quotation marks of the JSON string need a few more.
    private const int MaxContent = (StateLimits.MaxBodyBytes / 4 * 3) - 1024;

    // By default, Entra's access tokens are valid for at most 90 minutes. After that, the server refuses the caller's token, so no request
    // can look up the row that belongs to it.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(90);

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly FleetProtector _protector = ring.Protector("RemoteMcp.Auth.Tokens");

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => WithTimeoutAsync(
        async cancellationToken => await store.FindAsync(KeyOf(key), cancellationToken) is { } row
            ? await OpenAsync(row.Body, cancellationToken)
            : null,
        token);

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        if (value.Length > MaxContent)
        {
            LogTooLarge(value.Length);
            return Task.CompletedTask;
        }

        return WithTimeoutAsync(
            async cancellationToken =>
            {
                var now = time.GetUtcNow();
                var expires = options.AbsoluteExpiration is { } end && end < now + s_lifetime ? end : now + s_lifetime;
                var body = BinaryData.FromObjectAsJson(Base64Url.EncodeToString(await _protector.SealAsync(value, cancellationToken)));
                var row = KeyOf(key);
                // If two instances write at the same time, only one succeeds. The token of the other one is not cached. That is acceptable,
                // because the server exchanges the caller's token again when necessary.
                return await store.TryInsertAsync(row, body, expires, cancellationToken)
                    ?? (await store.FindAsync(row, cancellationToken) is { } old
                        ? await store.TryReplaceAsync(row, old.ETag, body, expires, cancellationToken)
                        : null);
            },
            token);
    }

    public Task RemoveAsync(string key, CancellationToken token = default) => WithTimeoutAsync(
        async cancellationToken =>
        {
            await store.DeleteAsync(KeyOf(key), cancellationToken);
            return true;
        },
        token);

    /// <summary>Does nothing. A row expires with the token to which it belongs.</summary>
    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    byte[]? IDistributedCache.Get(string key) => throw new NotSupportedException();

    void IDistributedCache.Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    void IDistributedCache.Remove(string key) => throw new NotSupportedException();

    void IDistributedCache.Refresh(string key) => throw new NotSupportedException();

    // The library's cache keys have no length limit and contain the client id of the app. A hash has a fixed length and reveals nothing.
    private static StateKey KeyOf(string key) => new(Table, Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(key))), Row);

    private async ValueTask<byte[]?> OpenAsync(BinaryData body, CancellationToken cancellationToken)
    {
        try
        {
            return await _protector.TryOpenAsync(Base64Url.DecodeFromChars(body.ToObjectFromJson<string>()), cancellationToken);
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    private async Task<T> WithTimeoutAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        return await operation(linked.Token).WaitAsync(linked.Token);
    }

    [LoggerMessage(LogLevel.Information, "The tokens of a caller are not shared with the other instances: they have {Length} bytes, "
        + "which do not fit in one row.")]
    private partial void LogTooLarge(int length);
}
