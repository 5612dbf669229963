using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure;

/// <summary>
/// The opaque text that a paged answer gives for its next page: Azure's own token for it, and a hash of the request that it belongs to, so that
/// another request's is refused here. It is not secret and gives no access: Azure checks its token against the identity that asks.
/// </summary>
internal static class SkipCursor
{
    /// <summary>The longest cursor, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private const int HashLength = 8;

    /// <summary>Writes a cursor.</summary>
    /// <param name="token">Azure's token, and what else is to be kept.</param>
    /// <param name="request">All that the pages have in common: the tool and its arguments.</param>
    /// <returns><see langword="null"/> without a token, or with one that is too long to go through a client.</returns>
    public static string? Write(string? token, params ReadOnlySpan<string> request)
    {
        string cursor = string.IsNullOrEmpty(token) ? "" : Base64Url.EncodeToString([.. Hash(request), .. Encoding.UTF8.GetBytes(token)]);
        return cursor.Length is > 0 and <= MaxLength ? cursor : null;
    }

    /// <summary>Reads the argument <c>cursor</c>.</summary>
    /// <returns>What <see cref="Write"/> was given; <see langword="null"/> on the first page.</returns>
    /// <exception cref="McpException">It is not a cursor of this request.</exception>
    public static string? Read(string? cursor, params ReadOnlySpan<string> request)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = Base64Url.IsValid(cursor) ? Base64Url.DecodeFromChars(cursor) : [];
        return bytes.Length > HashLength && bytes[..HashLength].SequenceEqual(Hash(request))
            ? Encoding.UTF8.GetString(bytes[HashLength..])
            : throw InvalidCursor();
    }

    /// <summary>What is said of a cursor that is none.</summary>
    public static McpException InvalidCursor() =>
        new("cursor: is not one that these arguments gave. Repeat the call that returned it with the same arguments, or leave cursor out to start over.");

    private static byte[] Hash(ReadOnlySpan<string> request) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', request!)))[..HashLength];
}
