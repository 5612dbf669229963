namespace RemoteMcp.Emulators.Directories;

/// <summary>The platform of a registered redirect URI. It determines how the client authenticates at the token endpoint.</summary>
public enum RedirectPlatform
{
    /// <summary>"Mobile and desktop applications": no secret, PKCE.</summary>
    PublicClient,

    /// <summary>"Web": the client must present a secret or an assertion.</summary>
    Web,

    /// <summary>"Single-page application": no secret, PKCE, and code redemption only from a browser (with an Origin).</summary>
    Spa,
}

/// <summary>A registered redirect URI.</summary>
public sealed record RedirectUri(string Value, RedirectPlatform Platform = RedirectPlatform.PublicClient)
{
    /// <summary>
    /// Entra compares the complete URI. For a loopback URI, it ignores the port (RFC 8252 section 7.3), and an empty path equals "/"
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
