using System.Buffers;
using System.Text;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>
/// Detects from the first bytes of a file whether it is text or binary. A file is text if it has a byte order mark (UTF-8, UTF-16, UTF-32),
/// or if it contains no NUL and is UTF-8 with at most 10 percent invalid bytes, which are read as U+FFFD. A Latin-1 source file can
/// therefore be searched, and a compressed file is binary.
/// </summary>
internal static class TextEncoding
{
    /// <summary>The number of bytes that are examined.</summary>
    public const int SampleSize = 8 * 1024;

    /// <summary>Gets UTF-8 without a byte order mark, the encoding of text without a mark.</summary>
    public static Encoding Utf8 { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    // The maximum share of bytes that are not valid UTF-8.
    private const double MaxInvalidShare = 0.1;

    // UTF-32 is first, because its little-endian byte order mark starts with that of UTF-16.
    private static readonly Encoding[] s_encodingsWithMark =
    [
        new UTF32Encoding(bigEndian: false, byteOrderMark: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        Encoding.UTF8,
        Encoding.Unicode,
        Encoding.BigEndianUnicode,
    ];

    /// <summary>Detects the encoding of a text.</summary>
    /// <param name="sample">The first bytes of the file: the whole file, or at least <see cref="SampleSize"/> bytes.</param>
    /// <returns>The encoding, or <see langword="null"/> if the file is binary. The preamble of the encoding precedes the text.</returns>
    public static Encoding? Detect(ReadOnlySpan<byte> sample)
    {
        foreach (var encoding in s_encodingsWithMark)
        {
            if (sample.StartsWith(encoding.Preamble))
            {
                return encoding;
            }
        }

        sample = sample[..Math.Min(sample.Length, SampleSize)];
        return !sample.Contains((byte)0) && (System.Text.Unicode.Utf8.IsValid(sample) || InvalidShare(sample) <= MaxInvalidShare)
            ? Utf8
            : null;
    }

    private static double InvalidShare(ReadOnlySpan<byte> sample)
    {
        var invalid = 0;
        for (var rest = sample; !rest.IsEmpty;)
        {
            var status = Rune.DecodeFromUtf8(rest, out _, out var length);
            invalid += status == OperationStatus.InvalidData ? length : 0;
            rest = rest[length..];
        }

        return (double)invalid / sample.Length;
    }
}
