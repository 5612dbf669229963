using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RemoteMcp.DataProtection;

/// <summary>Hashes a list of strings. Each part is preceded by its length, so that two different lists never give the same input.</summary>
internal static class HashedParts
{
    public static void AppendPart(this IncrementalHash hash, string part) => hash.AppendPart(Encoding.UTF8.GetBytes(part));

    public static void AppendPart(this IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
