using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ModelContextProtocol;
using RemoteMcp.Tools.Files.Text;

namespace RemoteMcp.Tools.Files.Changes;

/// <summary>
/// Reads the escapes of <see cref="VisibleText"/> in text that a caller writes. A file can contain the same text literally, for example
/// source code, so text is never decoded without the caller's request, and escapes of the replaced file are not written by mistake.
/// </summary>
internal static partial class Escapes
{
    /// <summary>Returns the text to write.</summary>
    /// <param name="content">The text from the caller.</param>
    /// <param name="decode">
    /// <see langword="true"/> to replace escapes by their characters, <see langword="false"/> to write them as they are, or
    /// <see langword="null"/> if the caller did not decide.
    /// </param>
    /// <param name="oldText">The text of the file that is replaced, or <see langword="null"/>.</param>
    /// <exception cref="McpException">It is not clear whether an escape stands for its character.</exception>
    public static string Resolve(string content, bool? decode, string? oldText)
    {
        if (decode is true)
        {
            if (oldText is not null && Count(oldText).Keys.FirstOrDefault(static text => Decode(text) != text) is { } literal)
            {
                throw new McpException($"escapes: the file contains the text '{literal}' itself, which cannot be distinguished from an "
                    + "escape. Set escapes to false, and write the characters themselves.");
            }

            return Literals().Replace(content, static match => Decode(match.Value));
        }

        if (decode is null && oldText is not null && FindShown(content, oldText) is { } escape)
        {
            throw new McpException($"content: contains '{escape}', which read_file shows for an invisible character of this file. Set "
                + "escapes to true to write the character, or to false to write this text.");
        }

        return content;
    }

    // Finds an escape that the content has more often than the file has it literally.
    private static string? FindShown(string content, string oldText)
    {
        var shown = VisibleText.Of(oldText, out var escapes);
        if (escapes == 0)
        {
            return null;
        }

        var (inShown, inOld) = (Count(shown), Count(oldText));
        return Count(content)
            .Where(written => inShown.GetValueOrDefault(written.Key) > inOld.GetValueOrDefault(written.Key)
                && written.Value > inOld.GetValueOrDefault(written.Key))
            .Select(static written => written.Key)
            .FirstOrDefault();
    }

    private static Dictionary<string, int> Count(string text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var match in Literals().EnumerateMatches(text))
        {
            var escape = text.Substring(match.Index, match.Length);
            counts[escape] = counts.GetValueOrDefault(escape) + 1;
        }

        return counts;
    }

    private static string Decode(string escape) =>
        uint.TryParse(escape.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        && Rune.IsValid(value)
        && VisibleText.IsEscaped(new Rune(value))
            ? new Rune(value).ToString()
            : escape;

    [GeneratedRegex(@"\\u[0-9A-F]{4}|\\U[0-9A-F]{8}", RegexOptions.CultureInvariant)]
    private static partial Regex Literals();
}
