using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ModelContextProtocol;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Files;

/// <summary>The position where a paged result continues: after an entry, or after a line of a file.</summary>
/// <param name="Path">The <see cref="FileEntry.Position"/> of the entry.</param>
/// <param name="Line">The number of the last line that was searched, or 0 if the whole entry is complete.</param>
internal readonly record struct PagePosition(string Path, long Line)
{
    /// <summary>Returns the position as text for a cursor.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Line}:{Path}");

    /// <summary>Parses the position of a cursor, or returns <see langword="null"/> for the first page.</summary>
    /// <exception cref="McpException">The text is not a position.</exception>
    public static PagePosition? Parse(string? text) =>
        text is null ? null : TryParse(text, out var position) ? position : throw OpaqueCursor.Invalid();

    /// <summary>Parses a position that <see cref="ToString"/> wrote. The path is validated like the path of any argument.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PagePosition position)
    {
        if (text?.Split(':', 2) is [var number, var path]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            && FilePath.TryParse(path, out _, out _))
        {
            position = new PagePosition(path, line);
            return true;
        }

        position = default;
        return false;
    }
}
