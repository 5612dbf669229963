using ModelContextProtocol;

namespace RemoteMcp.Tools.Files.Text;

/// <summary>Skips the beginning of a line that is read in consecutive pieces.</summary>
/// <param name="start">The position of the first character after the beginning.</param>
internal sealed class ColumnSkip(LinePosition start)
{
    private bool _isReached = start.Column == 1;
    private long _lineLength;
    private char _before;

    /// <summary>Removes the characters before the column.</summary>
    /// <returns>Whether characters remain.</returns>
    /// <exception cref="McpException">The column is within a surrogate pair.</exception>
    public bool TrySkip(ref ReadOnlySpan<char> piece, long offset)
    {
        if (_isReached)
        {
            return true;
        }

        _lineLength = offset + piece.Length;
        if (_lineLength < start.Column)
        {
            _before = piece[^1];
            return false;
        }

        var skipped = (int)(start.Column - 1 - offset);
        var before = skipped > 0 ? piece[skipped - 1] : _before;
        if (char.IsSurrogatePair(before, piece[skipped]))
        {
            throw new McpException(
                $"column: {start.Column} of line {start.Line} is within a character. Use {start.Column - 1} or {start.Column + 1}.");
        }

        piece = piece[skipped..];
        return _isReached = true;
    }

    /// <summary>Checks that the line is long enough. The method is called when no more pieces follow, or after the skip.</summary>
    /// <param name="isLastLine">Whether the text ends after the line.</param>
    /// <exception cref="McpException">The line ends before the column.</exception>
    public void RequireReached(bool isLastLine)
    {
        if (!_isReached)
        {
            throw new McpException($"column: {start.Column} is after the end of line {start.Line}, which has {_lineLength} characters "
                + "with its line break. " + (isLastLine
                    ? $"It is the last line. Use a column of at most {_lineLength}, or leave column out."
                    : $"Continue with offset {start.Line + 1} and without column."));
        }
    }
}
