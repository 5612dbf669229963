using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files;

/// <summary>
/// Writes and reads the opaque cursors of paged results. A cursor contains the position where the next page starts, and a hash of the
/// request. It needs no storage, stays valid when the server restarts, and stays correct when files are added or deleted. It is not secret
/// and gives no access, because its content is validated like any other argument.
/// </summary>
internal static class PageCursor
{
    private const int MaxLength = 8 * 1024;
    private const int HashLength = 8;

    /// <summary>Creates a cursor.</summary>
    /// <param name="position">The position where the next page starts.</param>
    /// <param name="request">The values that all pages have in common: the method and its arguments.</param>
    public static string Write(PagePosition position, params ReadOnlySpan<object?> request) =>
        Base64Url.EncodeToString([.. Hash(request), .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{position.Line}:{position.Path}"))]);

    /// <summary>Parses the <c>cursor</c> argument of a tool.</summary>
    /// <exception cref="McpException">The text is not a cursor of this request.</exception>
    public static PagePosition? ReadArgument(string? cursor, params ReadOnlySpan<object?> request)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        return TryRead(cursor, out PagePosition position, request)
            ? position
            : throw new McpException("cursor: is not valid for these arguments. Use the arguments of the call that returned it, or omit "
                + "cursor to start over.");
    }

    /// <summary>Parses a cursor.</summary>
    /// <returns>Whether the text is a cursor of this request.</returns>
    public static bool TryRead(string cursor, out PagePosition position, params ReadOnlySpan<object?> request)
    {
        position = default;
        if (cursor.Length > MaxLength || !Base64Url.IsValid(cursor))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length < HashLength || !bytes[..HashLength].SequenceEqual(Hash(request)))
        {
            return false;
        }

        string[] parts = Encoding.UTF8.GetString(bytes[HashLength..]).Split(':', 2);
        bool valid = parts.Length == 2
            & long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long line)
            && FilePath.TryParse(parts[1], out _, out _);
        position = valid ? new PagePosition(parts[1], line) : default;
        return valid;
    }

    private static byte[] Hash(ReadOnlySpan<object?> request)
    {
        string text = string.Join('\0', request);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text))[..HashLength];
    }
}
