using System.Text;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files;

/// <summary>Creates and reads the URIs of file resources. The shared folder is the root of <c>file:///</c>.</summary>
internal static class FileUri
{
    /// <summary>The URI template (RFC 6570). The <c>+</c> operator keeps the slashes of the path.</summary>
    public const string Template = "file:///{+path}";

    private const string Prefix = "file:///";

    /// <summary>
    /// Returns the URI of a file. Each name is percent-encoded, so that the URI is valid (RFC 3986) for every name. It matches the
    /// template, because <c>{+path}</c> keeps percent-encoded characters (RFC 6570, section 3.2.3).
    /// </summary>
    public static string Of(FilePath path) => Prefix + string.Join('/', path.Value.Split('/').Select(Uri.EscapeDataString));

    /// <summary>Returns whether a URI can be an expansion of the template. The value of <c>path</c> can contain every character.</summary>
    public static bool IsMatch(string uri) => uri.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Returns the paths that a URI can stand for, the most likely first. The expansion of <c>{+path}</c> keeps reserved characters, and
    /// keeps a <c>%</c> that is followed by two hexadecimal digits, so <c>%2F</c> in a URI can also be literal text of a name.
    /// </summary>
    public static IEnumerable<string> PathsOf(string uri)
    {
        var path = uri[Prefix.Length..];
        return ((string[])[
            Uri.UnescapeDataString(path),
            Uri.UnescapeDataString(KeepTriplets(path, static value => IsKept(value))),
            Uri.UnescapeDataString(KeepTriplets(path, static value => value == '%' || IsKept(value))),
            // The expansion encodes these characters, so they are in a triplet only if the name contains the triplet itself.
            Uri.UnescapeDataString(KeepTriplets(path, char.IsAscii)),
            Uri.UnescapeDataString(KeepTriplets(path, static _ => true))]).Distinct(StringComparer.Ordinal);
    }

    // The expansion never percent-encodes these characters (RFC 6570, section 1.5: unreserved and reserved).
    private static bool IsKept(char value) => char.IsAsciiLetterOrDigit(value) || "-._~:/?#[]@!$&'()*+,;=".Contains(value);

    // Encodes the percent sign of each triplet that stands for a kept character.
    private static string KeepTriplets(string path, Func<char, bool> isKept)
    {
        var kept = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            var isTriplet = path[i] == '%' && i + 2 < path.Length
                && char.IsAsciiHexDigit(path[i + 1]) && char.IsAsciiHexDigit(path[i + 2])
                && isKept((char)Convert.FromHexString(path.AsSpan(i + 1, 2))[0]);
            kept.Append(isTriplet ? "%25" : path[i].ToString());
        }

        return kept.ToString();
    }
}
