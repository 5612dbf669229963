using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Shared;

/// <summary>
/// Writes and reads the opaque cursors of paged results. A cursor contains the position where the next page starts, and a hash of the
/// request, so that a cursor of another request is refused. It needs no storage and stays valid when the server restarts. It is not secret
/// and gives no access: the tool validates its position like any other argument.
/// </summary>
internal static class OpaqueCursor
{
    /// <summary>The maximum length of a cursor, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private const int HashLength = 8;

    /// <summary>Creates a cursor.</summary>
    /// <param name="position">The position where the next page starts, or <see langword="null"/> if there is no next page.</param>
    /// <param name="request">The values that all pages have in common: the tool and its arguments.</param>
    /// <returns>
    /// The cursor, or <see langword="null"/> if there is no next page or the cursor would be longer than <see cref="MaxLength"/>.
    /// </returns>
    public static string? Write(string? position, params ReadOnlySpan<object?> request)
    {
        if (string.IsNullOrEmpty(position))
        {
            return null;
        }

        var cursor = Base64Url.EncodeToString([.. Hash(request), .. Encoding.UTF8.GetBytes(position)]);
        return cursor.Length <= MaxLength ? cursor : null;
    }

    /// <summary>Parses the argument <c>cursor</c>. A missing or empty cursor means the first page.</summary>
    /// <returns>The position that was passed to <see cref="Write"/>, or <see langword="null"/> for the first page.</returns>
    /// <exception cref="McpException">The text is not a cursor of this request.</exception>
    public static string? Read(string? cursor, params ReadOnlySpan<object?> request) => string.IsNullOrEmpty(cursor) ? null
        : TryRead(cursor, out var position, request) ? position
        : throw Invalid();

    /// <summary>Parses a cursor.</summary>
    /// <returns>Whether the text is a cursor of this request.</returns>
    public static bool TryRead(string cursor, out string position, params ReadOnlySpan<object?> request)
    {
        position = "";
        if (cursor.Length > MaxLength || !Base64Url.IsValid(cursor))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length < HashLength || !bytes[..HashLength].SequenceEqual(Hash(request)))
        {
            return false;
        }

        position = Encoding.UTF8.GetString(bytes[HashLength..]);
        return true;
    }

    /// <summary>Creates the exception for an invalid cursor.</summary>
    public static McpException Invalid() =>
        new("cursor: is not valid for these arguments. Use the arguments of the call that returned it, or omit cursor to start over.");

    private static byte[] Hash(ReadOnlySpan<object?> request) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', request)))[..HashLength];
}
