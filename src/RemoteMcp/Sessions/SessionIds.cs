using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol.Protocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.DataProtection;
using RemoteMcp.Sessions.Streams;

namespace RemoteMcp.Sessions;

/// <summary>
/// Signs and verifies the ids that clients see. The id of a session is the internal session id, a dot, and a checksum of the id and the
/// caller, keyed by the fleet's secret. The id of a request to the client ends with a checksum of the id and the session, and the key of a
/// response stream with a checksum of the stream and the session. The server detects an invented id, or the id of another caller, without
/// a storage transaction. The response to an invented session id is the same as for a session that never existed.
/// </summary>
internal sealed class SessionIds(FleetSecret secrets)
{
    private const string Purpose = "session-id";
    private const int ChecksumBytes = 12;
    private const int MaxLength = 128;
    private const char KeySeparator = 'x';

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
        return IsEqual(signed.AsSpan(dot + 1), expected) ? id : null;
    }

    /// <summary>Reads the secret, so that the ids of requests to the client can then be signed synchronously.</summary>
    /// <returns>A function that signs the id of a request to the client of the session.</returns>
    public async ValueTask<Func<string, string>> RequestSignerAsync(string session, CancellationToken cancellationToken)
    {
        var secret = await secrets.GetAsync(Purpose, cancellationToken);
        return id => $"{id}.{Base64Url.EncodeToString(RequestChecksum(secret, session, id))}";
    }

    /// <summary>Returns whether the server sent a request with this id to the client of the session.</summary>
    public async ValueTask<bool> VerifyRequestAsync(string? signed, string session, CancellationToken cancellationToken)
    {
        if (signed is not { Length: <= MaxLength } || signed.LastIndexOf('.') is not (> 0 and var dot))
        {
            return false;
        }

        var expected = RequestChecksum(await secrets.GetAsync(Purpose, cancellationToken), session, signed[..dot]);
        return IsEqual(signed.AsSpan(dot + 1), expected);
    }

    /// <summary>Reads the secret, so that the keys of response streams can then be signed synchronously.</summary>
    /// <returns>A function that returns the key of a stream: its name, and a checksum of the name, the owner, and the request.</returns>
    public async ValueTask<Func<string, string, RequestId, string>> StreamSignerAsync(
        string session, CancellationToken cancellationToken)
    {
        var secret = await secrets.GetAsync(Purpose, cancellationToken);
        return (name, owner, request) => $"{name}{KeySeparator}{StreamChecksum(secret, session, name, owner, request)}";
    }

    /// <summary>Returns whether the server has created the response stream of an event id, for a call of the session.</summary>
    public async ValueTask<bool> VerifyStreamAsync(EventId id, string session, CancellationToken cancellationToken)
    {
        if (id.Stream.LastIndexOf(KeySeparator) is not (> 0 and var end))
        {
            return false;
        }

        var secret = await secrets.GetAsync(Purpose, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(
            MemoryMarshal.AsBytes(id.Stream.AsSpan(end + 1)),
            MemoryMarshal.AsBytes(StreamChecksum(secret, session, id.Stream[..end], id.Owner, id.Request).AsSpan()));
    }

    // Hexadecimal, because the keys of streams have only lower-case letters and digits.
    private static string StreamChecksum(ReadOnlyMemory<byte> secret, string session, string name, string owner, RequestId request) =>
        Convert.ToHexStringLower(Checksum(secret, $"stream:{session}.{name}.{owner}.{EventId.EncodeRequest(request)}"));

    private static bool IsEqual(ReadOnlySpan<char> checksum, byte[] expected) => CryptographicOperations.FixedTimeEquals(
        MemoryMarshal.AsBytes(checksum), MemoryMarshal.AsBytes(Base64Url.EncodeToString(expected).AsSpan()));

    private static byte[] Checksum(ReadOnlyMemory<byte> secret, string id, Caller caller) => Checksum(secret, $"{caller.Key}.{id}");

    // No key of a caller contains a colon, so no checksum of a request or a stream equals one of a session id.
    private static byte[] RequestChecksum(ReadOnlyMemory<byte> secret, string session, string id) =>
        Checksum(secret, $"request:{session}.{id}");

    private static byte[] Checksum(ReadOnlyMemory<byte> secret, string text) =>
        HMACSHA256.HashData(secret.Span, Encoding.UTF8.GetBytes(text))[..ChecksumBytes];
}
