using System.Buffers;
using System.Text;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>
/// The encoding of a text file. A file is text if it has a byte order mark (UTF-8, UTF-16, UTF-32), or if its first bytes contain no NUL
/// and are UTF-8 with at most 10 percent other bytes. A Latin-1 source file is therefore text, and a compressed file is binary.
/// </summary>
/// <remarks>
/// Text that is not UTF-8 is <see cref="Latin1"/> or <see cref="Windows1252"/> only if it looks like the text of a Western language: its
/// other bytes are defined in that encoding, never form UTF-8, and stand next to ASCII. Otherwise it is <see cref="Unknown"/>.
/// </remarks>
internal sealed class TextEncoding
{
    /// <summary>The number of bytes that are examined to distinguish text from binary files.</summary>
    public const int SampleSize = 8 * 1024;

    /// <summary>The IANA name of ASCII, for a part of a file whose rest may have any encoding that is based on ASCII.</summary>
    public const string AsciiName = "us-ascii";

    /// <summary>ASCII, the common part of UTF-8 and the encodings with one byte for a character. A whole file of it is UTF-8.</summary>
    public static readonly TextEncoding Ascii = new(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));

    /// <summary>UTF-8 with a byte order mark.</summary>
    public static readonly TextEncoding Utf8WithMark =
        new(new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true));

    /// <summary>UTF-8 without a byte order mark.</summary>
    public static readonly TextEncoding Utf8 = new(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));

    /// <summary>ISO-8859-1.</summary>
    public static readonly TextEncoding Latin1 =
        new(Encoding.GetEncoding("iso-8859-1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback));

    /// <summary>Windows-1252: ISO-8859-1 with punctuation in place of the control characters 0x80 to 0x9F.</summary>
    public static readonly TextEncoding Windows1252 = new(
        CodePagesEncodingProvider.Instance.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!);

    /// <summary>Text whose encoding cannot be determined (RFC 1428, "UNKNOWN-8BIT"). It can be read, but not written.</summary>
    public static readonly TextEncoding Unknown = new(null);

    // The maximum share of bytes that are not valid UTF-8.
    private const double MaxInvalidShare = 0.1;

    // Words of Western languages have few letters outside ASCII in sequence. Those of other languages consist of them.
    private const int MaxForeignSequence = 3;

    private static readonly SearchValues<byte> s_undefinedInWindows1252 = SearchValues.Create(0x81, 0x8D, 0x8F, 0x90, 0x9D);

    // UTF-32 is first, because its little-endian byte order mark starts with that of UTF-16.
    private static readonly TextEncoding[] s_encodingsWithMark =
    [
        new(new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true)),
        new(new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true)),
        Utf8WithMark,
        new(new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true)),
        new(new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true)),
    ];

    private readonly Encoding? _encoding;

    private TextEncoding(Encoding? encoding) => _encoding = encoding;

    /// <summary>Gets the IANA name of the encoding.</summary>
    public string Name => _encoding?.WebName ?? "unknown-8bit";

    /// <summary>Gets the byte order mark that precedes the text. Empty if there is none.</summary>
    public ReadOnlySpan<byte> Mark => _encoding is null ? [] : _encoding.Preamble;

    /// <summary>Gets whether ASCII characters are single bytes.</summary>
    public bool IsAsciiBased => _encoding is not (UnicodeEncoding or UTF32Encoding);

    /// <summary>Gets whether each byte is one character.</summary>
    public bool IsSingleByte => this == Latin1 || this == Windows1252;

    /// <summary>Detects the encoding of a file.</summary>
    /// <param name="bytes">The whole file, or its first bytes: at least <see cref="SampleSize"/>.</param>
    /// <param name="isWhole">Whether the file ends after these bytes.</param>
    /// <returns>The encoding, or <see langword="null"/> if the file is binary.</returns>
    public static TextEncoding? Detect(ReadOnlySpan<byte> bytes, bool isWhole)
    {
        foreach (var encoding in s_encodingsWithMark)
        {
            if (bytes.StartsWith(encoding.Mark))
            {
                return encoding;
            }
        }

        var sample = bytes[..Math.Min(bytes.Length, SampleSize)];
        var (_, invalid) = CountForeign(sample, isWhole: isWhole && sample.Length == bytes.Length);
        return !sample.Contains((byte)0) && invalid <= MaxInvalidShare * sample.Length ? DetectAsciiBased(bytes, isWhole) : null;
    }

    /// <summary>Detects the encoding of text without a byte order mark.</summary>
    /// <param name="bytes">A part of the text that starts with a character.</param>
    /// <param name="isWhole">Whether the text ends after these bytes, and not within a character.</param>
    public static TextEncoding DetectAsciiBased(ReadOnlySpan<byte> bytes, bool isWhole) => CountForeign(bytes, isWhole) switch
    {
        (0, 0) => Ascii,
        (_, 0) => Utf8,
        (0, _) when IsWestern(bytes) => UsesWindows1252(bytes) ? Windows1252 : Latin1,
        _ => Unknown,
    };

    /// <summary>Returns whether bytes of an encoding with one byte for a character look like the text of a Western language.</summary>
    public static bool IsWestern(ReadOnlySpan<byte> bytes)
    {
        if (bytes.ContainsAny(s_undefinedInWindows1252))
        {
            return false;
        }

        var sequence = 0;
        foreach (var value in bytes)
        {
            sequence = value < 0x80 ? 0 : sequence + 1;
            if (sequence > MaxForeignSequence)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns whether text with one byte for a character uses characters that ISO-8859-1 does not have.</summary>
    public static bool UsesWindows1252(ReadOnlySpan<byte> bytes) => bytes.ContainsAnyInRange((byte)0x80, (byte)0x9F);

    /// <summary>Creates a decoder for an encoding that is not based on ASCII.</summary>
    public Decoder CreateDecoder() => Encoding.GetEncoding(_encoding!.CodePage).GetDecoder();

    /// <summary>Decodes bytes of an encoding with one byte for a character.</summary>
    /// <returns>The number of characters.</returns>
    public int Decode(ReadOnlySpan<byte> bytes, Span<char> characters) => _encoding!.GetChars(bytes, characters);

    /// <summary>Decodes a whole file.</summary>
    /// <param name="file">The bytes of the file, with the byte order mark.</param>
    /// <param name="text">The text, without the byte order mark.</param>
    /// <returns><see langword="false"/> if the text would not have the same bytes when it is written again.</returns>
    public bool TryDecode(ReadOnlySpan<byte> file, out string text)
    {
        text = "";
        try
        {
            if (_encoding is null)
            {
                return false;
            }

            text = _encoding.GetString(file[Mark.Length..]);
            return Encode(text).AsSpan().SequenceEqual(file);
        }
        catch (Exception exception) when (exception is DecoderFallbackException or EncoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Encodes the text of a whole file, with the byte order mark.</summary>
    /// <exception cref="EncoderFallbackException">The encoding does not have a character of the text.</exception>
    public byte[] Encode(string text) => [.. Mark, .. _encoding!.GetBytes(text)];

    /// <summary>Returns the size of the text of a whole file, in bytes. Characters that the encoding does not have count too.</summary>
    public long MeasureBytes(string text) =>
        Mark.Length + (IsSingleByte ? text.Length : (long)Encoding.GetEncoding(_encoding!.CodePage).GetByteCount(text));

    // Counts the bytes of valid characters outside ASCII, and the bytes that are not UTF-8.
    private static (int Valid, int Invalid) CountForeign(ReadOnlySpan<byte> bytes, bool isWhole)
    {
        var (valid, invalid) = (0, 0);
        for (var rest = bytes; rest.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is >= 0 and var next;)
        {
            rest = rest[next..];
            var status = Rune.DecodeFromUtf8(rest, out _, out var length);
            valid += status == OperationStatus.Done ? length : 0;
            invalid += status == OperationStatus.InvalidData || status == OperationStatus.NeedMoreData && isWhole ? length : 0;
            rest = rest[length..];
        }

        return (valid, invalid);
    }
}
