using System.Buffers;
using System.Globalization;
using System.Net;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>
/// Describes the redirect URI of a client for people and for the Content-Security-Policy. It takes everything from the parsed URI, because
/// the text of the URI comes from the client.
/// </summary>
internal sealed class RedirectTarget
{
    private const int MaxUriLength = 2048;
    private const int MaxHostLength = 253;

    private static readonly SearchValues<char> s_hostCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private readonly Uri? _uri;

    public RedirectTarget(string redirectUri)
    {
        Text = SafeText.Line(redirectUri, MaxUriLength);
        _uri = Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri)
            && (IsWeb(uri) ? IsHostName(uri) || IsAddress(uri) : RedirectUri.IsAppScheme(uri.Scheme))
            ? uri
            : null;
    }

    /// <summary>Gets the URI as one line of text, with invisible characters as escape sequences.</summary>
    public string Text { get; }

    /// <summary>Gets whether an app on the device of the user receives the redirect on a loopback address.</summary>
    public bool IsLoopback => _uri is not null && IsWeb(_uri)
        && (_uri.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(_uri.IdnHost, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>Gets whether an app on the device of the user receives the redirect, which any app can claim to be.</summary>
    public bool IsLocalApp => IsLoopback || (_uri is not null && !IsWeb(_uri));

    /// <summary>Gets where the redirect leads, as the end of a sentence.</summary>
    public string Description => _uri is null ? "an address that this server does not recognize"
        : !IsWeb(_uri) ? $"the app on this device that opens {_uri.Scheme}: links"
        : IsLoopback ? $"an app on this device ({Authority(_uri)})"
        : Authority(_uri);

    /// <summary>
    /// Gets the source expression that allows a redirect without TLS in <c>form-action</c> (CSP Level 3, section 2.3.1). It is
    /// <see langword="null"/> for https, and for URIs that lead to no client.
    /// </summary>
    public string? PolicySource => _uri is null || _uri.Scheme == Uri.UriSchemeHttps ? null
        : IsWeb(_uri) && HasExactSource(_uri) ? $"http://{Authority(_uri)}"
        : $"{_uri.Scheme}:";

    // "If host-part is an IPv4address other than 127.0.0.1, or an IPv6address, return 'Does Not Match'." (CSP Level 3, section 6.7.2.10)
    private static bool HasExactSource(Uri uri) => !IsAddress(uri) || uri.IdnHost == "127.0.0.1";

    private static bool IsWeb(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;

    private static bool IsAddress(Uri uri) => uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;

    private static bool IsHostName(Uri uri) =>
        uri.IdnHost.Length is > 0 and <= MaxHostLength && !uri.IdnHost.AsSpan().ContainsAnyExcept(s_hostCharacters);

    private static string Authority(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost;
        return uri.IsDefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{uri.Port}");
    }
}
