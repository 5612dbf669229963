using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RemoteMcp.DataProtection;

/// <summary>Hashes a list of strings. Each part is preceded by its length, so that two different lists never give the same input.</summary>
internal static class HashedParts
{
    /// <summary>Returns the SHA-256 hash of parts as 43 characters of base64url, which are a valid partition key.</summary>
    public static string Hash(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendPart(part);
        }

        return Base64Url.EncodeToString(hash.GetHashAndReset());
    }

    public static void AppendPart(this IncrementalHash hash, string part) => hash.AppendPart(Encoding.UTF8.GetBytes(part));

    public static void AppendPart(this IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
