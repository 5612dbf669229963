using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Azure;

/// <summary>
/// Writes and reads the opaque cursors of paged results. A cursor contains Azure's own token for the next page, and a hash of the request.
/// The hash lets the server refuse a cursor of another request. The cursor is not secret and gives no access, because Azure validates its
/// token against the identity of the request.
/// </summary>
internal static class SkipCursor
{
    /// <summary>The maximum length of a cursor, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private const int HashLength = 8;

    /// <summary>Creates a cursor.</summary>
    /// <param name="token">The token from Azure, with any other data to keep.</param>
    /// <param name="request">The values that all pages have in common: the tool and its arguments.</param>
    /// <returns>The cursor, or <see langword="null"/> if there is no token or the token is too long to pass through a client.</returns>
    public static string? Write(string? token, params ReadOnlySpan<string> request)
    {
        string cursor = string.IsNullOrEmpty(token) ? "" : Base64Url.EncodeToString([.. Hash(request), .. Encoding.UTF8.GetBytes(token)]);
        return cursor.Length is > 0 and <= MaxLength ? cursor : null;
    }

    /// <summary>Parses the argument <c>cursor</c>.</summary>
    /// <returns>The token that was passed to <see cref="Write"/>, or <see langword="null"/> for the first page.</returns>
    /// <exception cref="McpException">The text is not a cursor of this request.</exception>
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

    /// <summary>Creates the exception for an invalid cursor.</summary>
    public static McpException InvalidCursor() =>
        new("cursor: is not valid for these arguments. Use the arguments of the call that returned it, or omit cursor to start over.");

    private static byte[] Hash(ReadOnlySpan<string> request) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', request!)))[..HashLength];
}
