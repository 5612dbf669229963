using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>
/// Decodes a text file part by part. Text that is ASCII so far gets its encoding with the first other byte. Each byte that is not text is
/// decoded to one half of a surrogate pair, U+DC80 to U+DCFF, which <see cref="VisibleText"/> shows as a byte (the scheme of PEP 383).
/// </summary>
/// <param name="encoding">The encoding of the text before the first part, or of the first part.</param>
internal sealed class TextDecoder(TextEncoding encoding)
{
    private const int FirstByteCharacter = 0xDC00;

    private readonly Decoder? _decoder = encoding.IsAsciiBased ? null : encoding.CreateDecoder();

    /// <summary>Gets the encoding of the text so far.</summary>
    public TextEncoding Encoding { get; private set; } = encoding;

    /// <summary>Returns whether a character stands for a byte that is not text.</summary>
    public static bool IsByte(char character) => character is >= (char)(FirstByteCharacter + 0x80) and <= (char)(FirstByteCharacter + 0xFF);

    /// <summary>Decodes the next bytes.</summary>
    /// <param name="bytes">The bytes, including those that the previous call did not use.</param>
    /// <param name="characters">The buffer for at least as many characters as there are bytes.</param>
    /// <param name="isEnd">Whether the text ends after these bytes.</param>
    /// <param name="used">The number of bytes that were used. The others are the beginning of a character, at most 3 bytes.</param>
    /// <returns>The number of characters.</returns>
    public int Decode(ReadOnlySpan<byte> bytes, Span<char> characters, bool isEnd, out int used)
    {
        used = bytes.Length;
        if (_decoder is not null)
        {
            return _decoder.GetChars(bytes, characters, flush: isEnd);
        }

        Encoding = Encoding switch
        {
            _ when Encoding == TextEncoding.Ascii => TextEncoding.DetectAsciiBased(bytes, isEnd),
            _ when Encoding.IsSingleByte && !TextEncoding.IsWestern(bytes) => TextEncoding.Unknown,
            _ when Encoding == TextEncoding.Latin1 && TextEncoding.UsesWindows1252(bytes) => TextEncoding.Windows1252,
            _ => Encoding,
        };
        return Encoding.IsSingleByte ? Encoding.Decode(bytes, characters) : DecodeUtf8(bytes, characters, isEnd, out used);
    }

    private int DecodeUtf8(ReadOnlySpan<byte> bytes, Span<char> characters, bool isEnd, out int used)
    {
        used = 0;
        var count = 0;
        while (true)
        {
            var status = Utf8.ToUtf16(
                bytes[used..], characters[count..], out var read, out var written, replaceInvalidSequences: false, isFinalBlock: isEnd);
            used += read;
            count += written;
            if (status != OperationStatus.InvalidData)
            {
                return count;
            }

            Encoding = TextEncoding.Unknown;
            Rune.DecodeFromUtf8(bytes[used..], out _, out var invalid);
            foreach (var value in bytes.Slice(used, invalid))
            {
                characters[count++] = (char)(FirstByteCharacter + value);
            }

            used += invalid;
        }
    }
}
