using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Sessions;

/// <summary>
/// The ids that clients see: the id within, a dot, and a checksum keyed by the fleet's secret over the id and the caller. A made-up id,
/// or another caller's, is recognized without any storage transaction, and looks no different from one that never was.
/// </summary>
internal sealed class SessionIds(FleetSecret secrets)
{
    private const string Purpose = "session-id";
    private const int ChecksumBytes = 12;
    private const int MaxLength = 128;

    /// <returns>What signs ids for the caller, without waiting for anything.</returns>
    public async ValueTask<Func<string, string>> SignerAsync(Caller caller, CancellationToken cancellationToken)
    {
        var secret = await secrets.GetAsync(Purpose, cancellationToken);
        return id => $"{id}.{Base64Url.EncodeToString(Checksum(secret, id, caller))}";
    }

    /// <returns>The id within, or <see langword="null"/> when this caller was never given the id.</returns>
    public async ValueTask<string?> VerifyAsync(string signed, Caller caller, CancellationToken cancellationToken)
    {
        var dot = signed.LastIndexOf('.');
        if (dot < 1 || signed.Length > MaxLength)
        {
            return null;
        }

        var id = signed[..dot];
        var expected = Checksum(await secrets.GetAsync(Purpose, cancellationToken), id, caller);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(expected)), Encoding.UTF8.GetBytes(signed[(dot + 1)..])) ? id : null;
    }

    private static byte[] Checksum(ReadOnlyMemory<byte> secret, string id, Caller caller) =>
        HMACSHA256.HashData(secret.Span, Encoding.UTF8.GetBytes($"{caller.Key}.{id}"))[..ChecksumBytes];
}
