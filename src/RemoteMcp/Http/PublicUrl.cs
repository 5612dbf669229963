using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Http;

/// <summary>
/// Makes requests look as the client sent them: scheme, host and path base of the configured public URL, whatever gateway is in
/// between. Without a public URL the request's own are right (a local port).
/// </summary>
internal static class PublicUrl
{
    /// <summary>The host as clients send it: in punycode, without the scheme's own port.</summary>
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
