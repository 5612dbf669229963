using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Configuration;
using RemoteMcp.Http;
using RemoteMcp.Web;

namespace RemoteMcp.HomePage;

/// <summary>
/// Maps <c>/</c> and the files that browsers request with it. A browser gets the page, a program gets the endpoint's URL as JSON, and an
/// MCP client without the path of the endpoint in its URL gets an error with the full URL.
/// </summary>
internal static class HomeEndpoints
{
    private const string Icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
        <rect width="16" height="16" rx="4" fill="#0a6ebd"/>
        <path d="M3.5 12V4.5L8 9l4.5-4.5V12" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>
        </svg>
        """;

    private static readonly string[] s_readMethods = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointRouteBuilder MapHome(this IEndpointRouteBuilder endpoints)
    {
        if (!endpoints.ServiceProvider.GetRequiredService<IOptions<HomePageOptions>>().Value.Enabled)
        {
            return endpoints;
        }

        endpoints.MapMethods("/", s_readMethods, ShowAsync);
        endpoints.MapPost("/", static context => RefuseAsync(context, StatusCodes.Status404NotFound, "Not Found"));
        endpoints.MapMethods("/favicon.ico", s_readMethods, static context => WriteFixedAsync(context, Icon, "image/svg+xml"));
        endpoints.MapMethods(
            "/robots.txt",
            s_readMethods,
            static context => WriteFixedAsync(context, "User-agent: *\nDisallow: /\n", "text/plain; charset=utf-8"));
        return endpoints;
    }

    private static async Task ShowAsync(HttpContext context)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        switch (PageMediaType.Preferred(context.Request))
        {
            case PageMediaType.Json:
                await ShowJsonAsync(context);
                break;
            case PageMediaType.EventStream:
                await RefuseAsync(context, StatusCodes.Status406NotAcceptable, "Not Acceptable");
                break;
            default:
                await ShowPageAsync(context);
                break;
        }
    }

    private static async Task ShowPageAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var page = services.GetRequiredService<HomePageView>();
        // All requests for this page and for /readyz within one second share one result.
        var health = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(context.RequestAborted);
        var html = page.Render(page.CreateEntry(Endpoint(context.Request)), context.Request.PathBase, health);
        PageHeaders.Set(context.Response, page.ContentDirectives);
        await WriteAsync(context, html, "text/html; charset=utf-8", "no-cache");
    }

    private static Task ShowJsonAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var requiresSignIn = services.GetRequiredService<IOptions<AuthOptions>>().Value.Mode != AuthMode.None;
        PageHeaders.Set(context.Response);
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.WriteAsJsonAsync(new HomeDocument(
            services.GetRequiredService<IOptions<RemoteMcpOptions>>().Value.Name,
            Endpoint(context.Request).AbsoluteUri,
            requiresSignIn ? ResourceUrl.OfMetadata(context.Request) : null), context.RequestAborted);
    }

    private static Task WriteFixedAsync(HttpContext context, string text, string contentType)
    {
        PageHeaders.Set(context.Response);
        return WriteAsync(context, text, contentType, "public, max-age=86400");
    }

    // TypedResults.Bytes handles HEAD and If-None-Match.
    private static Task WriteAsync(HttpContext context, string text, string contentType, string caching)
    {
        var content = Encoding.UTF8.GetBytes(text);
        context.Response.Headers.CacheControl = caching;
        var hash = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16));
        return TypedResults.Bytes(content, contentType, entityTag: new EntityTagHeaderValue($"\"{hash}\""))
            .ExecuteAsync(context);
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason) => ProtocolError.WriteAsync(
        context,
        status,
        ProtocolError.Refused,
        $"{reason}: the MCP endpoint of this server is {Endpoint(context.Request).AbsoluteUri}. Use that URL in the client.");

    // If the operator accepts every host, the Host header can be empty or have characters that no host name has.
    private static Uri Endpoint(HttpRequest request) => Uri.TryCreate(ResourceUrl.Of(request), UriKind.Absolute, out var endpoint)
        ? endpoint
        : throw new BadHttpRequestException("The Host header is not a valid host name and port.");

    private sealed record HomeDocument(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("mcp_endpoint")] string McpEndpoint,
        [property: JsonPropertyName("resource_metadata"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        string? ResourceMetadata);
}
