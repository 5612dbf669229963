using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Provides the keys that sign the server's own access tokens (ES256). All instances share the keys, and no person knows them. They are
/// rows of the table <c>Keys</c>, sealed with the fleet's key ring. A new key replaces the current one after 60 days. The old key stays
/// valid until its last token has expired.
/// </summary>
internal sealed partial class SigningKeys(IStateStore store, KeyRing ring, TimeProvider time, ILogger<SigningKeys> logger)
    : BaseConfigurationManager, IDisposable
{
    /// <summary>The partition of the table <c>Keys</c> with the signing keys.</summary>
    public const string Partition = "signing";

    // Another instance can add a key at the same time. Usually, two attempts are enough.
    private const int MaxAttempts = 5;

    private static readonly TimeSpan s_replaceAfter = TimeSpan.FromDays(60);

    // The time after the replacement in which tokens of the old key are valid. Tokens live for an hour at most.
    private static readonly TimeSpan s_retireAfter = s_replaceAfter + TimeSpan.FromDays(2);

    private static readonly TimeSpan s_readInterval = TimeSpan.FromMinutes(15);

    // The minimum time between two reads because of tokens that name unknown keys, and after a read that failed.
    private static readonly TimeSpan s_minReadInterval = TimeSpan.FromSeconds(10);

    private readonly FleetProtector _protector = ring.Protector("RemoteMcp.DataProtection.SigningKey");
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile KeySet _keys = KeySet.Empty;
    private long _lastRead;
    private volatile bool _mustRead = true;
    private volatile bool _hasFailed;

    /// <summary>Returns the key that signs new tokens. It creates one if there is none, or if the newest is too old.</summary>
    /// <exception cref="StateUnavailableException">The keys are not in memory, and the state store does not respond.</exception>
    public async ValueTask<SigningCredentials> GetCurrentAsync(CancellationToken cancellationToken)
    {
        var keys = await ReadAsync(cancellationToken);
        return keys.Current is { } current && time.GetUtcNow() - keys.CreatedAt < s_replaceAfter
            ? current
            : (await AddAsync(cancellationToken)).Current!;
    }

    /// <summary>
    /// Returns the keys that validate tokens. It reads the storage only if the keys in memory are too old, and keeps them if the storage
    /// does not respond.
    /// </summary>
    public override async Task<BaseConfiguration> GetBaseConfigurationAsync(CancellationToken cancel) =>
        (await ReadAsync(cancel)).Configuration;

    /// <summary>Makes the next call read the keys again, because a token names an unknown key.</summary>
    public override void RequestRefresh()
    {
        if (time.GetElapsedTime(_lastRead) >= s_minReadInterval)
        {
            _mustRead = true;
        }
    }

    public void Dispose() => _gate.Dispose();

    private bool IsStale => _mustRead || time.GetElapsedTime(_lastRead) >= (_hasFailed ? s_minReadInterval : s_readInterval);

    private async ValueTask<KeySet> ReadAsync(CancellationToken cancellationToken)
    {
        if (!IsStale)
        {
            return _keys;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            return IsStale ? await ReadRowsAsync(cancellationToken) : _keys;
        }
        catch (StateUnavailableException) when (_keys.Current is not null)
        {
            // The callers whose keys are in memory continue to work. The next read does not delay each request.
            (_lastRead, _mustRead, _hasFailed) = (time.GetTimestamp(), false, true);
            return _keys;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<KeySet> AddAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                var keys = await ReadRowsAsync(cancellationToken);
                var now = time.GetUtcNow();
                if (keys.Current is not null && now - keys.CreatedAt < s_replaceAfter)
                {
                    return keys;
                }

                using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                var content = await _protector.SealAsync(key.ExportPkcs8PrivateKey(), cancellationToken);
                var body = BinaryData.FromObjectAsJson(new Row(now, Base64Url.EncodeToString(content)));
                var row = new StateKey(KeyRows.Table, Partition, (keys.LastNumber + 1).ToString("D10", CultureInfo.InvariantCulture));
                if (await store.TryInsertAsync(row, body, now + s_retireAfter, cancellationToken) is not null)
                {
                    LogAdded();
                }
            }
        }
        finally
        {
            _gate.Release();
        }

        throw new StateUnavailableException("The signing keys keep changing.", TimeSpan.FromSeconds(1));
    }

    private async Task<KeySet> ReadRowsAsync(CancellationToken cancellationToken)
    {
        var configuration = new OpenIdConnectConfiguration();
        var (lastNumber, createdAt, current) = (0L, DateTimeOffset.MinValue, (SigningCredentials?)null);
        await foreach (var row in store.QueryAsync(KeyRows.Table, Partition, default, cancellationToken))
        {
            lastNumber = long.Parse(row.Key.Row, CultureInfo.InvariantCulture);
            if (await TryOpenAsync(row, cancellationToken) is not var (added, key))
            {
                LogUnreadable(row.Key.Row);
                continue;
            }

            configuration.SigningKeys.Add(key);
            (createdAt, current) = (added, new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256));
        }

        _keys = new KeySet(configuration, current, createdAt, lastNumber);
        (_lastRead, _mustRead, _hasFailed) = (time.GetTimestamp(), false, false);
        return _keys;
    }

    private async Task<(DateTimeOffset CreatedAt, ECDsaSecurityKey Key)?> TryOpenAsync(StateRow row, CancellationToken cancellationToken)
    {
        try
        {
            var stored = row.Body.ToObjectFromJson<Row>()!;
            if (await _protector.TryOpenAsync(Base64Url.DecodeFromChars(stored.Key), cancellationToken) is not { } pkcs8)
            {
                return null;
            }

            // The key stays in memory as long as tokens name it, so it is not disposed.
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            var id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 16));
            return (stored.CreatedAt, new ECDsaSecurityKey(key) { KeyId = id });
        }
        catch (Exception exception) when (exception is FormatException or JsonException or CryptographicException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "The server added a key that signs its access tokens.")]
    private partial void LogAdded();

    [LoggerMessage(LogLevel.Warning, "No key in the key ring can decrypt the signing key {Row}. Access tokens with this key are refused.")]
    private partial void LogUnreadable(string row);

    private sealed record Row(DateTimeOffset CreatedAt, string Key);

    private sealed record KeySet(
        OpenIdConnectConfiguration Configuration, SigningCredentials? Current, DateTimeOffset CreatedAt, long LastNumber)
    {
        public static KeySet Empty { get; } = new(new(), null, DateTimeOffset.MinValue, 0);
    }
}
