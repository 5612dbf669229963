using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Sessions;

/// <summary>
/// Signs and verifies the session ids that clients see: the internal session id, a dot, and a checksum of the id and the caller, keyed by
/// the fleet's secret. The server detects an invented id, or the id of another caller, without a storage transaction. The response is the
/// same as for a session that never existed.
/// </summary>
internal sealed class SessionIds(FleetSecret secrets)
{
    private const string Purpose = "session-id";
    private const int ChecksumBytes = 12;
    private const int MaxLength = 128;

    /// <summary>Reads the secret, so that ids can then be signed synchronously, when the response starts.</summary>
    /// <returns>A function that signs an internal session id for the caller.</returns>
    public async ValueTask<Func<string, string>> SignerAsync(Caller caller, CancellationToken cancellationToken)
    {
        var secret = await secrets.GetAsync(Purpose, cancellationToken);
        return id => $"{id}.{Base64Url.EncodeToString(Checksum(secret, id, caller))}";
    }

    /// <summary>Verifies the checksum of a session id from a client.</summary>
    /// <returns>The internal session id, or <see langword="null"/> when the id was not issued to this caller.</returns>
    public async ValueTask<string?> VerifyAsync(string signed, Caller caller, CancellationToken cancellationToken)
    {
        var dot = signed.LastIndexOf('.');
        if (dot < 1 || signed.Length > MaxLength)
        {
            return null;
        }

        var id = signed[..dot];
        var expected = Checksum(await secrets.GetAsync(Purpose, cancellationToken), id, caller);
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Base64Url.EncodeToString(expected)), Encoding.UTF8.GetBytes(signed[(dot + 1)..]))
            ? id
            : null;
    }

    private static byte[] Checksum(ReadOnlyMemory<byte> secret, string id, Caller caller) =>
        HMACSHA256.HashData(secret.Span, Encoding.UTF8.GetBytes($"{caller.Key}.{id}"))[..ChecksumBytes];
}
