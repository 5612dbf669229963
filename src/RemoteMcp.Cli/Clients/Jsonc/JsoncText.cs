using System.Text.Json;
using System.Text.Unicode;

namespace RemoteMcp.Cli.Clients.Jsonc;

/// <summary>
/// Reads JSON with comments, trailing commas, and a byte order mark, which are common in configuration files.
/// It first replaces each byte of a comment with a space, because <see cref="Utf8JsonReader"/> rejects comments between a name and
/// its colon, and rejects U+2028 in comments. All offsets stay the same as in the file.
/// </summary>
internal static class JsoncText
{
    /// <summary>The maximum depth. It is far more than any configuration needs, and limits malicious nesting.</summary>
    private const int MaxDepth = 1000;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Gets the options to read a document after <see cref="ReplaceComments"/>.</summary>
    public static JsonReaderOptions ReaderOptions { get; } = new() { AllowTrailingCommas = true, MaxDepth = MaxDepth };

    /// <summary>Gets the options to parse a value of a document after <see cref="ReplaceComments"/>.</summary>
    public static JsonDocumentOptions DocumentOptions { get; } = new() { AllowTrailingCommas = true, MaxDepth = MaxDepth };

    /// <summary>Returns the length of the byte order mark, or 0 if there is none.</summary>
    public static int PreambleLength(ReadOnlySpan<byte> document) =>
        document.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;

    /// <summary>
    /// Returns whether strict JSON parsers can read the document. It must have no comments, no trailing commas, and no byte order mark.
    /// </summary>
    public static bool IsStrict(ReadOnlySpan<byte> document)
    {
        try
        {
            Validate(document, new JsonReaderOptions { MaxDepth = MaxDepth });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Returns the document with spaces in place of the comments and the byte order mark.</summary>
    /// <exception cref="JsoncException">The document is not UTF-8, or it is not JSON with comments and trailing commas.</exception>
    public static byte[] ReplaceComments(ReadOnlySpan<byte> document)
    {
        RequireUtf8(document);
        var json = document.ToArray();
        json.AsSpan(0, PreambleLength(document)).Fill((byte)' ');
        ReplaceCommentsWithSpaces(document, json);

        if (!IsWhiteSpace(json))
        {
            try
            {
                Validate(json, ReaderOptions);
            }
            catch (JsonException exception)
            {
                throw JsoncException.At(document, OffsetOf(json, exception), MessageOf(exception));
            }
        }

        return json;
    }

    /// <summary>Returns whether the document contains only white space.</summary>
    public static bool IsWhiteSpace(ReadOnlySpan<byte> json) => json.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>
    /// Returns the start of the line that contains <paramref name="offset"/>. The first line starts after the byte order mark.
    /// </summary>
    public static int LineStart(ReadOnlySpan<byte> document, int offset) =>
        Math.Max(document[..offset].LastIndexOfAny((byte)'\n', (byte)'\r') + 1, PreambleLength(document));

    private static void Validate(ReadOnlySpan<byte> json, JsonReaderOptions options)
    {
        var reader = new Utf8JsonReader(json, options);
        while (reader.Read())
        {
        }
    }

    private static void RequireUtf8(ReadOnlySpan<byte> document)
    {
        if (Utf8.IsValid(document))
        {
            return;
        }

        var valid = 0;
        while (System.Text.Rune.DecodeFromUtf8(document[valid..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            valid += length;
        }

        throw JsoncException.At(document, valid, "The file is not UTF-8 text. Save it as UTF-8.");
    }

    private static void ReplaceCommentsWithSpaces(ReadOnlySpan<byte> document, Span<byte> json)
    {
        for (var at = 0; at < document.Length; at++)
        {
            var rest = document[at..];
            if (rest[0] == '"')
            {
                at += StringLength(rest) - 1;
            }
            else if (rest.StartsWith("//"u8))
            {
                var length = rest.IndexOfAny((byte)'\n', (byte)'\r') is var end and >= 0 ? end : rest.Length;
                json.Slice(at, length).Fill((byte)' ');
                at += length - 1;
            }
            else if (rest.StartsWith("/*"u8))
            {
                var length = rest[2..].IndexOf("*/"u8) is var end and >= 0
                    ? end + 4
                    : throw JsoncException.At(document, at, "The comment that starts here is not closed.");
                foreach (ref var b in json.Slice(at, length))
                {
                    // Keep line breaks, so that later errors have the correct line number.
                    b = b is (byte)'\n' or (byte)'\r' ? b : (byte)' ';
                }

                at += length - 1;
            }
        }
    }

    // A string that is not closed ends at the end of its line. The JSON reader reports the error.
    private static int StringLength(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'\\':
                    at++;
                    break;
                case (byte)'"':
                    return at + 1;
                case (byte)'\n' or (byte)'\r':
                    return at;
            }
        }

        return text.Length;
    }

    private static int OffsetOf(ReadOnlySpan<byte> json, JsonException error)
    {
        var offset = 0;
        for (var line = error.LineNumber ?? 0; line > 0; line--)
        {
            offset += json[offset..].IndexOf((byte)'\n') + 1;
        }

        return offset + (int)(error.BytePositionInLine ?? 0);
    }

    // Remove the position that the reader appends, because it starts at 0 and counts bytes.
    private static string MessageOf(JsonException error) =>
        error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var end and > 0
            ? error.Message[..end]
            : error.Message;
}
