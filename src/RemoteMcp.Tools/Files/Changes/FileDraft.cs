using System.Globalization;
using System.Text;
using ModelContextProtocol;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Text;

namespace RemoteMcp.Tools.Files.Changes;

/// <summary>
/// The new content of a file. A file that is replaced keeps its encoding, its byte order mark, and its line breaks, so that only the bytes
/// change that the caller wants to change.
/// </summary>
/// <param name="Encoding">The encoding.</param>
/// <param name="Text">The new text.</param>
/// <param name="OldText">The text that is replaced, or <see langword="null"/> for a new file.</param>
internal sealed record FileDraft(TextEncoding Encoding, string Text, string? OldText)
{
    /// <summary>Gets the new bytes.</summary>
    public byte[] Bytes { get; private init; } = [];

    /// <summary>Gets whether the line breaks of the content were changed to those of the file.</summary>
    public bool KeepsLineBreaks { get; private init; }

    /// <summary>Creates the content of a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="old">The bytes of the file that is replaced, or <see langword="null"/> for a new file.</param>
    /// <param name="content">The text from the caller.</param>
    /// <param name="keepLineBreaks">Whether the file keeps its line breaks, or gets those of the content.</param>
    /// <param name="decodeEscapes">Whether escapes in the content stand for characters: <see cref="Escapes.Resolve"/>.</param>
    /// <param name="maxBytes">The maximum size of the new content, in bytes.</param>
    /// <exception cref="McpException">The content is too large, or cannot be written without other changes to the file.</exception>
    public static FileDraft Create(FilePath path, byte[]? old, string content, bool keepLineBreaks, bool? decodeEscapes, int maxBytes)
    {
        var encoding = content.StartsWith('\uFEFF') ? TextEncoding.Utf8WithMark : TextEncoding.Utf8;
        string? oldText = null;
        if (old is not null)
        {
            encoding = TextEncoding.Detect(old, isWhole: true)
                ?? throw new McpException($"path: '{path}' is not a text file. To replace it with text, delete it first.");
            if (!encoding.TryDecode(old, out oldText))
            {
                throw new McpException($"path: '{path}' contains bytes that are not valid text in one known encoding, and they would be "
                    + "lost. Nothing was written. Write to another path, or convert the file to UTF-8 first.");
            }
        }

        // read_file does not return the byte order mark, so a mark in the content is not part of the text. A new file gets the mark.
        var text = Escapes.Resolve(content.TrimStart('\uFEFF'), decodeEscapes, oldText);
        var kept = keepLineBreaks && oldText is not null
            ? LineBreaks.Keep(oldText, text) ?? throw new McpException($"line_breaks: '{path}' mixes LF and CR LF, and too many lines "
                + "change to keep them. Write the line breaks of each line in content, or set line_breaks to exact.")
            : text;
        if (encoding.MeasureBytes(kept) is var size && size > maxBytes)
        {
            throw new McpException(string.Create(
                CultureInfo.InvariantCulture,
                $"content: has {size} bytes in {encoding.Name.ToUpperInvariant()}; at most {maxBytes} can be written. Write less text."));
        }

        var bytes = Encode(path, encoding, kept);
        RequireReadable(path, encoding, bytes, kept);
        return new FileDraft(encoding, kept, oldText) { Bytes = bytes, KeepsLineBreaks = kept != text };
    }

    // A file does not name its encoding, so a text can look like binary data or like text in another encoding.
    private static void RequireReadable(FilePath path, TextEncoding encoding, byte[] bytes, string text)
    {
        if (TextEncoding.Detect(bytes, isWhole: true) is not { } seen || !seen.TryDecode(bytes, out var read) || read != text)
        {
            throw new McpException($"content: read_file could not read this text back from '{path}' in {encoding.Name}. Nothing was "
                + "written. Leave out NUL characters. If the text has none, write it to a new file, which gets UTF-8.");
        }
    }

    private static byte[] Encode(FilePath path, TextEncoding encoding, string text)
    {
        try
        {
            return encoding.Encode(text);
        }
        catch (EncoderFallbackException exception)
        {
            var before = text.AsSpan(0, exception.Index);
            var line = before.Count('\n') + 1;
            var column = exception.Index - before.LastIndexOf('\n');
            if (exception.CharUnknownHigh == 0 && char.IsSurrogate(exception.CharUnknown))
            {
                throw new McpException($"content: contains half a surrogate pair at line {line}, column {column}, which is not valid text. "
                    + "Remove it.");
            }

            var unknown = exception.CharUnknownHigh == 0
                ? new Rune(exception.CharUnknown)
                : new Rune(exception.CharUnknownHigh, exception.CharUnknownLow);
            throw new McpException($"content: the character {SafeText.Quote(unknown.ToString())} (U+{unknown.Value:X4}) at line {line}, "
                + $"column {column} does not exist in {encoding.Name}, the encoding of '{path}'. Nothing was written. Use another "
                + "character, or write to a new file, which gets UTF-8.");
        }
    }
}
