using System.Buffers;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>
/// Reads a file of any length line by line in constant memory. Lines that are longer than <see cref="MaxPiece"/> are returned in pieces.
/// </summary>
/// <remarks>
/// While <see cref="FillAsync"/> returns <see langword="true"/>, call <see cref="TryRead"/> until it returns <see langword="false"/>. A
/// span is valid until the next call.
/// </remarks>
/// <param name="stream">The stream. The reader does not close it.</param>
/// <param name="overlap">
/// The number of characters that the next piece repeats from the previous one, so that a search finds matches across the boundary.
/// </param>
internal sealed class LineReader(Stream stream, int overlap = 0) : IDisposable
{
    /// <summary>The maximum length of a piece of a line, in UTF-16 characters.</summary>
    public const int MaxPiece = 64 * 1024;

    private const int BytesPerRead = 64 * 1024;

    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(BytesPerRead);
    // The characters always fit: less than one piece remains when more bytes are read, and no encoding decodes a byte to more than one
    // character. The extra characters are for bytes of the previous read that the decoder has kept.
    private readonly char[] _chars = ArrayPool<char>.Shared.Rent(MaxPiece + BytesPerRead + 16);
    private TextDecoder? _decoder;
    private int _keptBytes;
    private bool _startsWithinText;
    private int _start;
    private int _end;
    private long _nextOffset;
    private bool _atEnd;
    private bool _inLine;

    /// <summary>
    /// Gets the encoding of the text so far. <see langword="null"/> until the first bytes were read, or if the file is binary.
    /// </summary>
    public TextEncoding? Encoding => _decoder?.Encoding;

    /// <summary>Gets the 1-based number of the line that <see cref="TryRead"/> returned last.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Gets the 0-based offset of the last piece in its line, in UTF-16 characters.</summary>
    public long PieceOffset { get; private set; }

    /// <summary>Reads more bytes.</summary>
    /// <returns>
    /// <see langword="false"/> at the end of the file, or if the file is binary (<see cref="Encoding"/> is then <see langword="null"/>).
    /// </returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_atEnd)
        {
            return false;
        }

        return _decoder is null ? await StartAsync(cancellationToken) : await ReadOnAsync(cancellationToken);
    }

    /// <summary>Sets the encoding of a stream that starts in the middle of a text, where it cannot be detected.</summary>
    public void UseEncoding(TextEncoding encoding) => (_decoder, _startsWithinText) = (new TextDecoder(encoding), true);

    /// <summary>Returns the next line, or the next piece of a long line, with its line break.</summary>
    /// <returns><see langword="false"/> if more bytes are needed.</returns>
    public bool TryRead(out ReadOnlySpan<char> piece)
    {
        ReadOnlySpan<char> rest = _chars.AsSpan(_start, _end - _start);
        var lineBreak = rest.IndexOf('\n');
        var complete = lineBreak >= 0 && lineBreak < MaxPiece || _atEnd && rest.Length is > 0 and <= MaxPiece;
        if (!complete && rest.Length < MaxPiece)
        {
            piece = default;
            return false;
        }

        var length = !complete ? MaxPiece : lineBreak >= 0 ? lineBreak + 1 : rest.Length;
        piece = rest[..length];
        PieceOffset = _inLine ? _nextOffset : 0;
        LineNumber += _inLine ? 0 : 1;
        _inLine = !complete;
        var repeated = complete ? 0 : overlap;
        _nextOffset = PieceOffset + length - repeated;
        _start += length - repeated;
        return true;
    }

    /// <summary>Returns the buffers to the pool.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        ArrayPool<char>.Shared.Return(_chars);
    }

    private async ValueTask<bool> StartAsync(CancellationToken cancellationToken)
    {
        var count = await ReadBytesAsync(cancellationToken);
        if (TextEncoding.Detect(_bytes.AsSpan(0, count), isWhole: _atEnd) is not { } encoding)
        {
            _atEnd = true;
            return false;
        }

        _decoder = new TextDecoder(encoding);
        Decode(encoding.Mark.Length, count);
        return _end > 0 || !_atEnd;
    }

    private async ValueTask<bool> ReadOnAsync(CancellationToken cancellationToken)
    {
        var count = await ReadBytesAsync(cancellationToken);
        var first = _startsWithinText && Encoding!.IsAsciiBased && !Encoding.IsSingleByte ? ContinuationBytes(count) : 0;
        _startsWithinText = false;
        Decode(first, count);
        return _end > 0 || !_atEnd;
    }

    // Fills the buffer, so that the detection of the encoding does not depend on how many bytes a stream returns at once.
    private async ValueTask<int> ReadBytesAsync(CancellationToken cancellationToken)
    {
        var buffer = _bytes.AsMemory(_keptBytes, BytesPerRead - _keptBytes);
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        _atEnd = count < buffer.Length;
        return _keptBytes + count;
    }

    // A text that starts within a UTF-8 character starts with at most 3 of its bytes.
    private int ContinuationBytes(int count)
    {
        var first = 0;
        while (first < Math.Min(count, 3) && (_bytes[first] & 0xC0) == 0x80)
        {
            first++;
        }

        return first;
    }

    private void Decode(int first, int end)
    {
        _chars.AsSpan(_start, _end - _start).CopyTo(_chars);
        _end -= _start;
        _start = 0;
        _end += _decoder!.Decode(_bytes.AsSpan(first..end), _chars.AsSpan(_end), _atEnd, out var used);
        _keptBytes = end - first - used;
        _bytes.AsSpan(first + used, _keptBytes).CopyTo(_bytes);
    }
}
