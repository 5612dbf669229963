namespace RemoteMcp.Emulators.Directories;

/// <summary>The platform under which a redirect URI is registered; it decides how the client proves itself at the token endpoint.</summary>
public enum RedirectPlatform
{
    /// <summary>"Mobile and desktop applications": no secret, PKCE.</summary>
    PublicClient,

    /// <summary>"Web": the client must present a secret or an assertion.</summary>
    Web,

    /// <summary>"Single-page application": no secret, PKCE, and redemption only from a browser (with an Origin).</summary>
    Spa,
}

/// <summary>A registered redirect URI.</summary>
public sealed record RedirectUri(string Value, RedirectPlatform Platform = RedirectPlatform.PublicClient)
{
    /// <summary>
    /// Entra compares the whole URI, but of a loopback one it ignores the port (RFC 8252 section 7.3), and an empty path equals "/"
    /// (https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions).
    /// </summary>
    public bool Matches(string requested)
    {
        if (string.Equals(Value, requested, StringComparison.Ordinal))
        {
            return true;
        }
        if (!Uri.TryCreate(Value, UriKind.Absolute, out var registered) || !Uri.TryCreate(requested, UriKind.Absolute, out var actual))
        {
            return false;
        }
        return IsLoopback(registered)
            && registered.Scheme == actual.Scheme
            && registered.Host == actual.Host
            && actual.UserInfo.Length == 0
            && actual.Fragment.Length == 0
            && string.Equals(registered.PathAndQuery, actual.PathAndQuery, StringComparison.Ordinal);
    }

    private static bool IsLoopback(Uri uri) => uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback;
}
