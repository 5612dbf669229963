using System.Text;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>A range of lines of a text. The lines are unchanged and include their line breaks.</summary>
/// <param name="Text">The lines.</param>
/// <param name="FirstLine">The number of the first line, or <see langword="null"/> if only the end of the file was read.</param>
/// <param name="LineCount">The number of lines.</param>
/// <param name="TotalLines">
/// The number of lines of the whole file, or <see langword="null"/> if not both its start and its end were read.
/// </param>
/// <param name="HasMore">Whether more lines follow.</param>
/// <param name="IsCut">Whether some of the requested text was left out because it did not fit.</param>
internal sealed record LineWindow(string Text, long? FirstLine, long LineCount, long? TotalLines, bool HasMore, bool IsCut)
{
    /// <summary>Reads lines, starting at a line number.</summary>
    /// <param name="reader">The reader, at the start of the text.</param>
    /// <param name="first">The number of the first line.</param>
    /// <param name="count">The maximum number of lines.</param>
    /// <param name="maxLength">
    /// The maximum number of characters. Lines that do not fit are left for the next call. If the first line does not fit, it is shortened.
    /// </param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    public static async Task<LineWindow> ReadAsync(
        LineReader reader, long first, int count, int maxLength, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var lineStart = 0;
        var last = first - 1;
        var isCut = false;
        while (await reader.FillAsync(cancellationToken))
        {
            while (reader.TryRead(out var piece))
            {
                if (reader.LineNumber < first || isCut && reader.LineNumber == last)
                {
                    continue;
                }

                if (isCut || reader.LineNumber == first + count)
                {
                    return new LineWindow(text.ToString(), first, last - first + 1, null, HasMore: true, isCut);
                }

                lineStart = reader.LineNumber == last ? lineStart : text.Length;
                last = reader.LineNumber;
                if (text.Length + piece.Length <= maxLength)
                {
                    text.Append(piece);
                }
                else if (last == first)
                {
                    text.Append(WholeCharacters(piece[..(maxLength - text.Length)]));
                    isCut = true;
                }
                else
                {
                    return new LineWindow(text.ToString(0, lineStart), first, last - first, null, HasMore: true, IsCut: false);
                }
            }
        }

        return new LineWindow(text.ToString(), first, last - first + 1, reader.LineNumber, HasMore: false, isCut);
    }

    /// <summary>Reads to the end of the text and returns the last lines.</summary>
    /// <param name="reader">The reader, at the start of the text or within a line.</param>
    /// <param name="fromStart">
    /// Whether the reader is at the start of the text. Otherwise its first line is incomplete, and is left out if another line follows.
    /// </param>
    /// <param name="count">The maximum number of lines.</param>
    /// <param name="maxLength">
    /// The maximum number of characters. Earlier lines that do not fit are left out. If the last line does not fit, its start is removed.
    /// </param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    public static async Task<LineWindow> ReadLastAsync(
        LineReader reader, bool fromStart, int count, int maxLength, CancellationToken cancellationToken)
    {
        var lines = new Queue<string>();
        var line = new StringBuilder();
        var length = 0;
        var isCut = false;
        while (await reader.FillAsync(cancellationToken))
        {
            while (reader.TryRead(out var piece))
            {
                if (reader.PieceOffset == 0 && line.Length > 0)
                {
                    var isWhole = fromStart || reader.LineNumber > 2;
                    if (isWhole)
                    {
                        lines.Enqueue(line.ToString());
                    }

                    length -= isWhole ? 0 : line.Length;
                    line.Clear();
                }

                line.Append(piece);
                length += piece.Length;
                while (lines.Count >= count || length > maxLength && lines.Count > 0)
                {
                    isCut |= lines.Count < count;
                    length -= lines.Dequeue().Length;
                }

                if (line.Length > maxLength)
                {
                    isCut = true;
                    length -= line.Length - maxLength;
                    line.Remove(0, line.Length - maxLength);
                }
            }
        }

        if (line.Length > 0)
        {
            lines.Enqueue(line.ToString());
        }

        isCut |= !fromStart && (reader.LineNumber == 1 || lines.Count < count);
        long? total = fromStart ? reader.LineNumber : null;
        return new LineWindow(string.Concat(lines), total - lines.Count + 1, lines.Count, total, HasMore: false, isCut);
    }

    private static ReadOnlySpan<char> WholeCharacters(ReadOnlySpan<char> text) =>
        text is [.. var rest, var last] && char.IsHighSurrogate(last) ? rest : text;
}
