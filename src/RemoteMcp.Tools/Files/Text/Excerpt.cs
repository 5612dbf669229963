namespace RemoteMcp.Tools.Files.Text;

/// <summary>Shortens text for display.</summary>
internal static class Excerpt
{
    /// <summary>The maximum length of an excerpt, in UTF-16 characters, without the ellipses.</summary>
    public const int MaxLength = 240;

    private const int Before = 60;
    private const char Cut = '…';

    /// <summary>
    /// Returns the part of a line around a position. An ellipsis (…) marks text that was removed. Surrogate pairs are not split.
    /// </summary>
    public static string Around(ReadOnlySpan<char> line, int index)
    {
        if (line.Length <= MaxLength)
        {
            return line.ToString();
        }

        var start = Math.Clamp(index - Before, 0, line.Length - MaxLength);
        var end = start + MaxLength;
        start += start > 0 && char.IsLowSurrogate(line[start]) ? 1 : 0;
        end -= end < line.Length && char.IsHighSurrogate(line[end - 1]) ? 1 : 0;
        return $"{(start > 0 ? Cut : "")}{line[start..end]}{(end < line.Length ? Cut : "")}";
    }
}
