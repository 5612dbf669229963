using System.Text;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>Some lines of a text, as they stand there, line breaks included.</summary>
/// <param name="Text">The lines.</param>
/// <param name="FirstLine">The number of the first one; <see langword="null"/> when only the end of the file was read.</param>
/// <param name="LineCount">How many there are.</param>
/// <param name="TotalLines">How many lines the file has, when its end was read and its start too.</param>
/// <param name="HasMore">Whether lines follow.</param>
/// <param name="IsCut">Whether something between these lines and the asked ones did not fit.</param>
internal sealed record LineWindow(string Text, long? FirstLine, long LineCount, long? TotalLines, bool HasMore, bool IsCut)
{
    /// <summary>Reads lines from the one with a given number on.</summary>
    /// <param name="reader">A text from its start.</param>
    /// <param name="first">The number of the first line.</param>
    /// <param name="count">The most lines.</param>
    /// <param name="maxLength">The most characters. Lines that do not fit are left for later; the first one is cut.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<LineWindow> ReadAsync(LineReader reader, long first, int count, int maxLength, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        int lineStart = 0;
        long last = first - 1;
        bool isCut = false;
        while (await reader.FillAsync(cancellationToken))
        {
            while (reader.TryRead(out ReadOnlySpan<char> piece))
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

    /// <summary>Reads the last lines of what a reader still has.</summary>
    /// <param name="reader">A text, from its start or from within a line.</param>
    /// <param name="fromStart">Whether the reader starts at the start; otherwise the first line is only a part, left out if another follows.</param>
    /// <param name="count">The most lines.</param>
    /// <param name="maxLength">The most characters. Earlier lines are left out; the last one is cut at its start.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<LineWindow> ReadLastAsync(LineReader reader, bool fromStart, int count, int maxLength, CancellationToken cancellationToken)
    {
        var lines = new Queue<string>();
        var line = new StringBuilder();
        int length = 0;
        bool isCut = false;
        while (await reader.FillAsync(cancellationToken))
        {
            while (reader.TryRead(out ReadOnlySpan<char> piece))
            {
                if (reader.PieceOffset == 0 && line.Length > 0)
                {
                    bool isWhole = fromStart || reader.LineNumber > 2;
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

    private static ReadOnlySpan<char> WholeCharacters(ReadOnlySpan<char> text) => text is [.. var rest, var last] && char.IsHighSurrogate(last) ? rest : text;
}
