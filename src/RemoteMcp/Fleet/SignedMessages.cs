using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.Fleet;

/// <summary>
/// Signs the messages of the inbox and verifies them, so that a receiver acts only on messages of its own fleet. A message contains the
/// claims of a caller, and access to the table alone must not be sufficient to act as that caller.
/// </summary>
/// <remarks>
/// The body of a row is a JSON array: the signature and the message. The signature (HMAC-SHA256 with a secret of the fleet) covers the
/// receiver, the key of the row, and the exact bytes of the message. A row that is copied to another inbox is therefore not valid. The key
/// begins with the time of sending, so a row that is kept or written again more than three minutes later is not valid either.
/// </remarks>
internal sealed partial class SignedMessages(FleetSecret secrets, TimeProvider time, ILogger<SignedMessages> logger)
{
    /// <summary>The purpose of the fleet's secret for the signatures.</summary>
    public const string Purpose = "inbox";

    private const int SignatureLength = 43;
    private const int TicksLength = 19;

    // A message stays in the inbox for a minute. The clocks of two instances may differ by another minute before they are not ready.
    private static readonly TimeSpan s_maxAge = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_logInterval = TimeSpan.FromMinutes(1);

    private long? _lastLogged;
    private int _refused;

    /// <summary>Returns the body of a row with a signed message. The row key begins with the time of sending, in ticks.</summary>
    public async ValueTask<BinaryData> SignAsync(StateKey key, InboxMessage message, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(message, RelayJson.Default.InboxMessage);
        var signature = Compute(await secrets.GetAsync(Purpose, cancellationToken), key, json);
        return BinaryData.FromBytes((byte[])[.. "[\""u8, .. signature, .. "\","u8, .. json, .. "]"u8]);
    }

    /// <summary>Returns the message of a row.</summary>
    /// <returns>
    /// The message, or <see langword="null"/> if no instance of this fleet signed it, or if this version of the server cannot read it.
    /// </returns>
    public async ValueTask<InboxMessage?> TryReadAsync(StateRow row, CancellationToken cancellationToken)
    {
        var body = row.Body.ToMemory();
        if (body.Span is not [(byte)'[', (byte)'"', .., (byte)']'] || body.Length < SignatureLength + 5)
        {
            CountRefused();
            return null;
        }

        var json = body[(SignatureLength + 4)..^1];
        var expected = Compute(await secrets.GetAsync(Purpose, cancellationToken), row.Key, json.Span);
        if (!CryptographicOperations.FixedTimeEquals(expected, body.Span.Slice(2, SignatureLength)) || !IsRecent(row.Key))
        {
            CountRefused();
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(json.Span, RelayJson.Default.InboxMessage);
        }
        catch (JsonException)
        {
            // During a rolling update, a newer instance may send a message that this version cannot read.
            return null;
        }
    }

    private bool IsRecent(StateKey key) =>
        key.Row.Length > TicksLength
        && long.TryParse(key.Row.AsSpan(0, TicksLength), NumberStyles.None, CultureInfo.InvariantCulture, out var sent)
        && Math.Abs(time.GetUtcNow().UtcTicks - sent) <= s_maxAge.Ticks;

    private static byte[] Compute(ReadOnlyMemory<byte> secret, StateKey key, ReadOnlySpan<byte> json)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Span);
        hash.AppendPart(key.Partition);
        hash.AppendPart(key.Row);
        hash.AppendPart(json);
        var signature = new byte[SignatureLength];
        Base64Url.EncodeToUtf8(hash.GetHashAndReset(), signature);
        return signature;
    }

    // Only the reader of the inbox calls this, in one thread at a time. Somebody who can write rows must not fill the log.
    private void CountRefused()
    {
        _refused++;
        if (_lastLogged is not { } last || time.GetElapsedTime(last) >= s_logInterval)
        {
            LogRefused(_refused);
            (_lastLogged, _refused) = (time.GetTimestamp(), 0);
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "{Count} messages in the inbox were refused, because no instance of this fleet signed them. During an update, an instance of the "
            + "version before can have sent them. Otherwise, somebody else writes to the state storage.")]
    private partial void LogRefused(int count);
}
