using System.Buffers;
using System.Text;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>
/// Tells text from binary by a file's first bytes. Text is what a byte order mark announces (UTF-8, UTF-16, UTF-32) or what
/// holds no NUL and is UTF-8 with at most a few foreign bytes, which are read as U+FFFD: a Latin-1 source file stays
/// searchable, a compressed one does not.
/// </summary>
internal static class TextEncoding
{
    /// <summary>How many bytes are looked at.</summary>
    public const int SampleSize = 8 * 1024;

    /// <summary>UTF-8 without a byte order mark, the encoding of what no mark says.</summary>
    public static Encoding Utf8 { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private const double MaxForeignShare = 0.1;

    // UTF-32 first: its little-endian mark begins with that of UTF-16.
    private static readonly Encoding[] Marked =
    [
        new UTF32Encoding(bigEndian: false, byteOrderMark: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        Encoding.UTF8,
        Encoding.Unicode,
        Encoding.BigEndianUnicode,
    ];

    /// <summary>Finds the encoding of a text.</summary>
    /// <param name="sample">The first bytes of a file: all of it, or at least <see cref="SampleSize"/>.</param>
    /// <returns>The encoding, whose preamble precedes the text; <see langword="null"/> when the file is binary.</returns>
    public static Encoding? Detect(ReadOnlySpan<byte> sample)
    {
        foreach (Encoding encoding in Marked)
        {
            if (sample.StartsWith(encoding.Preamble))
            {
                return encoding;
            }
        }

        sample = sample[..Math.Min(sample.Length, SampleSize)];
        return !sample.Contains((byte)0) && (System.Text.Unicode.Utf8.IsValid(sample) || ForeignShare(sample) <= MaxForeignShare) ? Utf8 : null;
    }

    private static double ForeignShare(ReadOnlySpan<byte> sample)
    {
        int foreign = 0;
        for (ReadOnlySpan<byte> rest = sample; !rest.IsEmpty;)
        {
            OperationStatus status = Rune.DecodeFromUtf8(rest, out _, out int length);
            foreign += status == OperationStatus.InvalidData ? length : 0;
            rest = rest[length..];
        }

        return (double)foreign / sample.Length;
    }
}
