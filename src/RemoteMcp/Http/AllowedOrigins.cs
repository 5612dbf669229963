using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Http;

/// <summary>
/// Determines which hosts and which web origins the server accepts. Both checks prevent DNS rebinding: another site can point its host
/// name at this server, and its page then sends that name in the Host header and the site's own origin in the Origin header
/// (MCP 2025-11-25, Transports, Security Warning).
/// </summary>
internal sealed class AllowedOrigins
{
    private static readonly string[] s_loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

    private readonly FrozenSet<string> _hosts;
    private readonly FrozenSet<string> _origins;
    private readonly bool _allowsAnyHost;
    private readonly bool _allowsLoopbackOrigins;

    public AllowedOrigins(IOptions<RemoteMcpOptions> server, IOptions<HttpOptions> http)
    {
        var hosts = new List<string>(http.Value.AllowedHosts);
        var origins = new List<string>();
        foreach (var origin in http.Value.AllowedOrigins)
        {
            origins.Add(ToOrigin(new Uri(origin)));
        }

        if (string.IsNullOrEmpty(server.Value.PublicUrl))
        {
            hosts.AddRange(s_loopbackHosts);
            _allowsLoopbackOrigins = true;
        }
        else
        {
            var url = new Uri(server.Value.PublicUrl);
            hosts.Add(PublicUrl.HostOf(url).Host);
            origins.Add(ToOrigin(url));
            if (url.IsLoopback)
            {
                hosts.AddRange(s_loopbackHosts);
                _allowsLoopbackOrigins = true;
            }
        }

        _allowsAnyHost = hosts.Contains("*");
        _hosts = hosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _origins = origins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    public bool IsAllowedHost(HostString host) => _allowsAnyHost || (host.HasValue && _hosts.Contains(host.Host));

    public bool IsAllowedOrigin(string origin) => _origins.Contains(origin) || (_allowsLoopbackOrigins && IsLoopbackOrigin(origin));

    private static string ToOrigin(Uri url) => $"{url.Scheme}://{PublicUrl.HostOf(url)}";

    // Accepts only the exact form that browsers send (RFC 6454, section 6.2).
    // A lenient parser also finds a loopback host in http://evil.com@localhost.
    private static bool IsLoopbackOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.GetLeftPart(UriPartial.Authority) == origin;
}
