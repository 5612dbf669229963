using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>
/// Reads the part of a redirect URI that decides who receives the authorization code: a loopback address, a host, or an app. The class
/// compares the text itself and refuses everything that browsers and libraries interpret in different ways.
/// </summary>
internal static class RedirectUri
{
    /// <summary>The maximum length of a redirect URI, in characters.</summary>
    public const int MaxLength = 512;

    /// <summary>The authorities that mean this machine. There is no other spelling, such as 127.1 or a trailing dot.</summary>
    private static readonly string[] s_loopback = ["127.0.0.1", "[::1]", "localhost"];

    private static readonly SearchValues<char> s_schemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+.-");

    // These schemes run or show content in the browser, or belong to the browser. No app receives the code.
    private static readonly FrozenSet<string> s_neverApps = FrozenSet.Create(
        StringComparer.Ordinal,
        "about", "blob", "chrome", "content", "data", "edge", "file", "filesystem", "ftp", "http", "https", "intent", "javascript", "jar",
        "mailto", "resource", "tel", "vbscript", "view-source", "ws", "wss");

    /// <summary>Returns whether a scheme can belong to an app.</summary>
    /// <param name="scheme">The scheme, in lower case and without its colon.</param>
    public static bool IsAppScheme(ReadOnlySpan<char> scheme) =>
        scheme.Length > 0
        && char.IsAsciiLetterLower(scheme[0])
        && !scheme.ContainsAnyExcept(s_schemeCharacters)
        && !s_neverApps.Contains(scheme.ToString());

    /// <summary>Reads a redirect URI.</summary>
    /// <param name="uri">The text.</param>
    /// <param name="receiver">
    /// The receiver of the code: an empty string for a loopback address, a host in lower case, or the scheme of an app with its colon.
    /// </param>
    /// <returns>What is wrong with the URI, as the rest of a sentence that begins with the URI, or <see langword="null"/>.</returns>
    public static string? FindProblem(string uri, out string receiver)
    {
        receiver = "";
        if (uri.Length > MaxLength)
        {
            return string.Create(CultureInfo.InvariantCulture, $"is longer than {MaxLength} characters");
        }

        if (uri.Contains('#', StringComparison.Ordinal))
        {
            return "contains a fragment (#)";
        }

        if (!UriCharacters.AreOnlyIn(uri))
        {
            return "contains characters that a URI must not contain";
        }

        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || !Uri.TryCreate(uri, UriKind.Absolute, out _))
        {
            return "is not an absolute URI";
        }

        var scheme = uri[..colon].ToLowerInvariant();
        var rest = uri.AsSpan(colon + 1);
        var authority = AuthorityOf(rest);
        if (authority.Contains('@'))
        {
            return "contains user information (@)";
        }

        switch (scheme)
        {
            case "http":
                return IsLoopback(authority) ? null : "uses http, which is allowed only for 127.0.0.1, [::1], and localhost";
            case "https":
                receiver = (authority.EndsWith(":443") ? authority[..^4] : authority).ToString().ToLowerInvariant();
                return receiver.Length == 0 || receiver.Contains(':', StringComparison.Ordinal) ? "needs a host without a port" : null;
            default:
                receiver = scheme + ":";
                return !IsAppScheme(scheme) ? $"uses the scheme {receiver}, which does not belong to an app"
                    : rest.Trim('/').IsEmpty ? "has nothing after its scheme"
                    : null;
        }
    }

    /// <summary>
    /// Returns whether a client that registered one redirect URI may use another. The two must be equal, except for the port of a loopback
    /// address, which an app chooses when it starts to listen (RFC 8252, section 7.3).
    /// </summary>
    public static bool Matches(string registered, string requested) =>
        string.Equals(registered, requested, StringComparison.Ordinal)
        || (TrySplitLoopback(registered, out var registeredHost, out var registeredRest)
            && TrySplitLoopback(requested, out var requestedHost, out var requestedRest)
            && registeredHost.SequenceEqual(requestedHost)
            && registeredRest.SequenceEqual(requestedRest));

    private static ReadOnlySpan<char> AuthorityOf(ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith("//"))
        {
            return [];
        }

        var authority = rest[2..];
        var end = authority.IndexOfAny('/', '?');
        return end < 0 ? authority : authority[..end];
    }

    private static bool IsLoopback(ReadOnlySpan<char> authority)
    {
        foreach (var host in s_loopback)
        {
            if (authority.StartsWith(host, StringComparison.OrdinalIgnoreCase))
            {
                return IsEmptyOrPort(authority[host.Length..]);
            }
        }

        return false;
    }

    private static bool TrySplitLoopback(string uri, out ReadOnlySpan<char> host, out ReadOnlySpan<char> rest)
    {
        const string Scheme = "http://";
        host = rest = default;
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var authority = AuthorityOf(uri.AsSpan("http:".Length));
        foreach (var loopback in s_loopback)
        {
            if (authority.StartsWith(loopback, StringComparison.Ordinal) && IsEmptyOrPort(authority[loopback.Length..]))
            {
                host = loopback;
                rest = uri.AsSpan(Scheme.Length + authority.Length);
                rest = rest.IsEmpty ? "/" : rest;
                return true;
            }
        }

        return false;
    }

    private static bool IsEmptyOrPort(ReadOnlySpan<char> text) =>
        text.IsEmpty
        || (text[0] == ':'
            && text.Length <= ":65535".Length
            && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port > 0);
}
