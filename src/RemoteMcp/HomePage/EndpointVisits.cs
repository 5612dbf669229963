using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using RemoteMcp.Configuration;

namespace RemoteMcp.HomePage;

/// <summary>
/// Redirects people who open the URL of the MCP endpoint in a browser to the page at <c>/</c>. It runs before the sign-in, because a
/// browser cannot send a token.
/// </summary>
internal static class EndpointVisits
{
    public static IApplicationBuilder UseEndpointVisits(this IApplicationBuilder app) =>
        app.ApplicationServices.GetRequiredService<IOptions<HomePageOptions>>().Value.Enabled
            ? app.Use(static (context, next) =>
            {
                if (!IsVisit(context.Request))
                {
                    return next(context);
                }

                // The page describes the endpoint, but is not a representation of it (RFC 9110, section 15.4.4).
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                context.Response.Headers.Location = context.Request.PathBase.ToUriComponent() + "/";
                context.Response.Headers.CacheControl = "no-store";
                context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
                return Task.CompletedTask;
            })
            : app;

    // MCP clients accept event streams, and browsers ask for HTML by name when they open a page.
    private static bool IsVisit(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && (IsPath(request, RemoteMcpOptions.McpPath) || IsPath(request, RemoteMcpOptions.McpPath + "/sse"))
        && request.GetTypedHeaders().Accept is var accepted
        && accepted.Any(static type => type.MediaType.Equals(PageMediaType.Html, StringComparison.OrdinalIgnoreCase))
        && !accepted.Any(static type => type.MediaType.Equals(PageMediaType.EventStream, StringComparison.OrdinalIgnoreCase));

    private static bool IsPath(HttpRequest request, string path) =>
        request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase, out var rest) && rest.Value is "" or "/" or null;
}
