using System.Text;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>A position in a text.</summary>
/// <param name="Line">The number of the line, starting at 1.</param>
/// <param name="Column">The position in the line, in UTF-16 characters, starting at 1.</param>
internal readonly record struct LinePosition(long Line, long Column);

/// <summary>A range of lines of a text. The lines are unchanged and include their line breaks.</summary>
/// <param name="Text">The lines.</param>
/// <param name="FirstLine">The number of the first line, or <see langword="null"/> if only the end of the file was read.</param>
/// <param name="LineCount">The number of lines.</param>
/// <param name="TotalLines">
/// The number of lines of the whole file, or <see langword="null"/> if not both its start and its end were read.
/// </param>
/// <param name="Next">The position of the text that follows, or <see langword="null"/> at the end of the file.</param>
/// <param name="IsCut">Whether text before the first line, or the start of that line, was left out because it did not fit.</param>
internal sealed record LineWindow(string Text, long? FirstLine, long LineCount, long? TotalLines, LinePosition? Next, bool IsCut)
{
    /// <summary>Reads lines, starting at a position.</summary>
    /// <param name="reader">The reader, at the start of the text.</param>
    /// <param name="start">The position of the first character.</param>
    /// <param name="count">The maximum number of lines.</param>
    /// <param name="maxLength">
    /// The maximum number of characters with escapes. Lines that do not fit are left for the next call. If the first line does not fit, the
    /// next call continues within it.
    /// </param>
    /// <param name="cancellationToken">The token that cancels the operation.</param>
    /// <exception cref="McpException">The first line has no such column.</exception>
    public static async Task<LineWindow> ReadAsync(
        LineReader reader, LinePosition start, int count, int maxLength, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var (length, lineStart) = (0, 0);
        var last = start.Line - 1;
        var skip = new ColumnSkip(start);
        while (await reader.FillAsync(cancellationToken))
        {
            while (reader.TryRead(out var piece))
            {
                if (reader.LineNumber < start.Line)
                {
                    continue;
                }

                if (reader.LineNumber == start.Line && !skip.TrySkip(ref piece, reader.PieceOffset))
                {
                    continue;
                }

                skip.RequireReached(isLastLine: false);
                if (reader.LineNumber == start.Line + count)
                {
                    return new LineWindow(text.ToString(), start.Line, count, null, new LinePosition(reader.LineNumber, 1), IsCut: false);
                }

                lineStart = reader.LineNumber == last ? lineStart : text.Length;
                last = reader.LineNumber;
                var pieceLength = VisibleText.LengthOf(piece);
                if (length + pieceLength <= maxLength)
                {
                    text.Append(piece);
                    length += pieceLength;
                }
                else if (last == start.Line)
                {
                    text.Append(VisibleText.Fit(piece, maxLength - length));
                    return new LineWindow(
                        text.ToString(), last, 1, null, start with { Column = start.Column + text.Length }, IsCut: false);
                }
                else
                {
                    return new LineWindow(
                        text.ToString(0, lineStart), start.Line, last - start.Line, null, new LinePosition(last, 1), IsCut: false);
                }
            }
        }

        if (reader.LineNumber >= start.Line)
        {
            skip.RequireReached(isLastLine: true);
        }

        return new LineWindow(text.ToString(), start.Line, last - start.Line + 1, reader.LineNumber, Next: null, IsCut: false);
    }

    /// <summary>Reads to the end of the text and returns the last lines.</summary>
    /// <param name="reader">The reader, at the start of the text or within a line.</param>
    /// <param name="fromStart">
    /// Whether the reader is at the start of the text. Otherwise its first line is incomplete, and is left out if another line follows.
    /// </param>
    /// <param name="count">The maximum number of lines.</param>
    /// <param name="maxLength">
    /// The maximum number of characters with escapes. Earlier lines that do not fit are left out. If the last line does not fit, its start
    /// is removed.
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
        isCut |= RemoveUntilEscapesFit(lines, maxLength);
        var text = string.Concat(lines);
        long? total = fromStart ? reader.LineNumber : null;
        return new LineWindow(
            isCut ? VisibleText.FitEnd(text, maxLength) : text, total - lines.Count + 1, lines.Count, total, Next: null, isCut);
    }

    private static bool RemoveUntilEscapesFit(Queue<string> lines, int maxLength)
    {
        var length = lines.Sum(static line => (long)VisibleText.LengthOf(line));
        var isTooLong = length > maxLength;
        while (length > maxLength && lines.Count > 1)
        {
            length -= VisibleText.LengthOf(lines.Dequeue());
        }

        return isTooLong;
    }
}
