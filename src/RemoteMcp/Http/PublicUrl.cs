using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Http;

/// <summary>
/// Sets the scheme, the host, and the path base of each request to those of the configured public URL, so that they match the URL that
/// the client used, even behind a gateway. Without a public URL, the values of the request are already correct (a local port).
/// </summary>
internal static class PublicUrl
{
    /// <summary>Returns the host as clients send it: in Punycode and without the default port of the scheme.</summary>
    public static HostString HostOf(Uri url)
    {
        var name = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        return url.IsDefaultPort ? new HostString(name) : new HostString(name, url.Port);
    }

    public static IApplicationBuilder UsePublicUrl(this IApplicationBuilder app)
    {
        var configured = app.ApplicationServices.GetRequiredService<IOptions<RemoteMcpOptions>>().Value.PublicUrl;
        if (string.IsNullOrEmpty(configured))
        {
            return app;
        }

        var url = new Uri(configured);
        var host = HostOf(url);
        var pathBase = PathString.FromUriComponent(url.AbsolutePath.TrimEnd('/'));
        return app.Use((context, next) =>
        {
            var request = context.Request;
            request.Scheme = url.Scheme;
            request.Host = host;
            request.PathBase = pathBase;
            if (pathBase.HasValue && request.Path.StartsWithSegments(pathBase, out var rest))
            {
                request.Path = rest;
            }

            return next(context);
        });
    }
}
