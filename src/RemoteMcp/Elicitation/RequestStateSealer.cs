using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;

namespace RemoteMcp.Elicitation;

/// <summary>
/// Seals the <c>requestState</c> of a multi-round-trip request. Any instance can continue the request, and no client can read or change the
/// state. The seal is authenticated encryption with the fleet's key ring over
/// <c>expiry (8 bytes, Unix ms) ‖ SHA-256 of the call (32 bytes) ‖ content</c>.
/// </summary>
/// <remarks>
/// Until it expires, a client can send a state more than once: the protocol allows a client to repeat a request when the response was lost.
/// A tool that must not act twice calls <see cref="UserPrompts.ConsumeAnswersAsync"/>.
/// </remarks>
internal sealed class RequestStateSealer(KeyRing ring, IOptions<ElicitationOptions> options, TimeProvider time)
{
    /// <summary>The maximum length of a sealed state, in characters. Clients send it in a request that has a size limit.</summary>
    public const int MaxLength = 64 * 1024;

    private const int HeaderLength = sizeof(long) + SHA256.HashSizeInBytes;

    private readonly FleetProtector _protector = ring.Protector("RemoteMcp.Elicitation.RequestState", "v1");

    /// <returns>The sealed state, or <see langword="null"/> if it would be longer than <see cref="MaxLength"/>.</returns>
    /// <exception cref="StateUnavailableException">The keys cannot be read at the moment.</exception>
    public async ValueTask<string?> TrySealAsync(BoundCall call, byte[] content, CancellationToken cancellationToken)
    {
        var plain = new byte[HeaderLength + content.Length];
        BinaryPrimitives.WriteInt64BigEndian(plain, (time.GetUtcNow() + options.Value.StateLifetime).ToUnixTimeMilliseconds());
        call.Hash().CopyTo(plain, sizeof(long));
        content.CopyTo(plain.AsSpan(HeaderLength));
        var token = Base64Url.EncodeToString(await _protector.SealAsync(plain, cancellationToken));
        return token.Length <= MaxLength ? token : null;
    }

    /// <exception cref="StateUnavailableException">The keys cannot be read at the moment.</exception>
    public async ValueTask<OpenedState> OpenAsync(BoundCall call, string token, CancellationToken cancellationToken)
    {
        if (token.Length > MaxLength)
        {
            return OpenedState.Refused("too long");
        }

        // The decoder ignores whitespace and padding. They are refused here, so that each state has exactly one valid form.
        if (token.AsSpan().ContainsAny(" \t\r\n=") || !Base64Url.IsValid(token))
        {
            return OpenedState.Refused("not base64url");
        }

        if (await _protector.TryOpenAsync(Base64Url.DecodeFromChars(token), cancellationToken) is not { Length: >= HeaderLength } plain)
        {
            return OpenedState.Refused("not sealed by a key of the ring");
        }

        if (!CryptographicOperations.FixedTimeEquals(plain.AsSpan(sizeof(long), SHA256.HashSizeInBytes), call.Hash()))
        {
            return OpenedState.Refused("sealed for another call or caller");
        }

        return DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(plain)) <= time.GetUtcNow()
            ? OpenedState.Refused("expired")
            : new OpenedState(plain[HeaderLength..], "");
    }
}

/// <summary>The content of an opened state, or the reason why the state was refused.</summary>
/// <param name="Content">The content, or <see langword="null"/> if the state was refused.</param>
/// <param name="Refusal">The reason. It is written to the log and not sent to the client.</param>
internal readonly record struct OpenedState(byte[]? Content, string Refusal)
{
    public static OpenedState Refused(string reason) => new(null, reason);
}
