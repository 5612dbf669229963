using System.Buffers;
using System.Globalization;
using System.Text;

namespace RemoteMcp.Tools.Files.Store;

/// <summary>
/// Defines which paths are valid. The rules are the same on every platform and for every store. A path is refused, and never corrected, if
/// any platform or store would resolve it to a different place, or if a reader would display it as a different name.
/// </summary>
internal static class FilePathRules
{
    /// <summary>The maximum length of a path, in UTF-16 characters. It is the maximum length of a blob name.</summary>
    public const int MaxLength = 1024;

    private const int MaxDecodings = 4;

    private static readonly SearchValues<char> s_disguisingCharacters =
        SearchValues.Create("%\u2024\u2025\u2044\u2215\u2216\u29F5\u29F8\uFE52\uFE68\uFF0E\uFF0F\uFF3C");
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Finds the first rule that a path violates.</summary>
    /// <returns>A clause that follows the name of the parameter, or <see langword="null"/> if the path is valid.</returns>
    public static string? FindProblem(string path)
    {
        if (path.Length > MaxLength)
        {
            return $"has {path.Length} characters; at most {MaxLength} are allowed";
        }

        return FindBadCharacter(path)
            ?? FindAbsolute(path)
            ?? (path.Contains('\\') ? "contains '\\'; the separator is '/'" : null)
            ?? FindBadName(path)
            ?? FindDisguise(path);
    }

    private static string? FindBadCharacter(string path)
    {
        if (!path.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return null;
        }

        ReadOnlySpan<char> rest = path;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done)
            {
                return $"contains half a surrogate pair (U+{(int)rest[0]:X4})";
            }

            if (IsInvisibleOrMisleading(rune))
            {
                return $"contains the character U+{rune.Value:X4}, which is not allowed in a path";
            }

            rest = rest[length..];
        }

        return null;
    }

    // Bidirectional controls make one name look like another. U+FFFD replaces bytes that are not valid text, so it cannot identify a file.
    private static bool IsInvisibleOrMisleading(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)
            or 0xFEFF or 0xFFFD or (>= 0xFDD0 and <= 0xFDEF)
        || (rune.Value & 0xFFFE) == 0xFFFE;

    private static string? FindAbsolute(string path) => path switch
    {
        ['/' or '\\', '/' or '\\', ..] => "is a network path",
        ['/' or '\\', ..] => "is absolute",
        [var letter, ':', ..] when char.IsAsciiLetter(letter) => "starts with a drive letter",
        _ when path.Contains("://", StringComparison.Ordinal) => "is a URI",
        _ => null,
    };

    private static string? FindBadName(string path)
    {
        var names = path.EndsWith('/') ? path.AsSpan(0, path.Length - 1) : path;
        foreach (var range in names.Split('/'))
        {
            var name = names[range];
            if (name.IsEmpty)
            {
                return "contains an empty name ('//')";
            }

            // Windows removes trailing dots and spaces, so it reads "... " as "..".
            if (name is not "." && !name.ContainsAnyExcept('.', ' '))
            {
                return $"contains '{name}'; a path cannot lead upwards";
            }
        }

        return null;
    }

    // A name can contain '%2f' (package caches have such names), and is taken literally. A name is refused only if its decoded form would
    // lead to a different place.
    private static string? FindDisguise(string path)
    {
        if (!path.AsSpan().ContainsAny(s_disguisingCharacters))
        {
            return null;
        }

        var plain = path;
        for (var i = 0; i < MaxDecodings; i++)
        {
            if (!TryDecode(plain, out var decoded))
            {
                return "contains percent-encoded bytes that are not valid UTF-8; names are taken literally, without encoding";
            }

            if (decoded == plain)
            {
                return null;
            }

            plain = decoded;
            var asSlashes = plain.Replace('\\', '/');
            if (FindBadCharacter(plain) is not null || FindAbsolute(asSlashes) is not null || FindBadName(asSlashes) is not null)
            {
                return "disguises a path that leads elsewhere (encoded or look-alike characters); names are taken literally";
            }
        }

        return "is encoded too many times; names are taken literally";
    }

    private static bool TryDecode(string text, out string decoded)
    {
        var bytes = new ArrayBufferWriter<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%'
                && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Write([value]);
                i += 2;
                continue;
            }

            var length = char.IsSurrogate(text[i]) ? 2 : 1;
            s_strictUtf8.GetBytes(Undisguise(text.AsSpan(i, length)), bytes);
            i += length - 1;
        }

        try
        {
            decoded = s_strictUtf8.GetString(bytes.WrittenSpan);
            return true;
        }
        catch (DecoderFallbackException)
        {
            decoded = "";
            return false;
        }
    }

    private static ReadOnlySpan<char> Undisguise(ReadOnlySpan<char> character) => character[0] switch
    {
        '\u2024' or '\uFE52' or '\uFF0E' => ".",
        '\u2025' => "..",
        '\u2044' or '\u2215' or '\u29F8' or '\uFF0F' => "/",
        '\u2216' or '\u29F5' or '\uFE68' or '\uFF3C' => "\\",
        _ => character,
    };
}
