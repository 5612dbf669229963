using System.Buffers;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>Finds characters that a URI must not contain.</summary>
internal static class UriCharacters
{
    // RFC 3986, section 2, without '#', which begins a fragment.
    private static readonly SearchValues<char> s_allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=%");

    /// <summary>Returns whether a text contains only characters of a URI without a fragment.</summary>
    public static bool AreOnlyIn(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_allowed);
}
