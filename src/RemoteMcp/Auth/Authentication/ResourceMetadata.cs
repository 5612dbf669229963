using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Authentication;
using RemoteMcp.Configuration;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Serves the protected resource metadata (RFC 9728) for the path of the endpoint and for the root. From it, a client that has only the URL
/// learns where to sign in and which scopes to request.
/// </summary>
internal static class ResourceMetadata
{
    private static readonly JsonTypeInfo<ProtectedResourceMetadata> s_typeInfo =
        (JsonTypeInfo<ProtectedResourceMetadata>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ProtectedResourceMetadata));

    public static IEndpointRouteBuilder MapResourceMetadata(this IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<AuthOptions>>().Value;
        if (options.Mode == AuthMode.None)
        {
            return endpoints;
        }

        endpoints.MapGet(ResourceUrl.MetadataPath, WriteAsync);
        endpoints.MapGet(ResourceUrl.MetadataPath + RemoteMcpOptions.McpPath, WriteAsync);
        return endpoints;
    }

    private static Task WriteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var options = services.GetRequiredService<IOptions<AuthOptions>>().Value;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "public, max-age=300";
        return JsonSerializer.SerializeAsync(context.Response.Body, new ProtectedResourceMetadata
        {
            Resource = ResourceUrl.Of(context.Request),
            ResourceName = services.GetRequiredService<IOptions<RemoteMcpOptions>>().Value.Name,
            AuthorizationServers = [options.SignIn == SignInMode.Server ? ResourceUrl.OfIssuer(context.Request) : options.Authority],
            // "The scopes_supported field is intended to represent the minimal set of scopes necessary for basic functionality, with
            // additional scopes requested incrementally through the step-up authorization flow". (MCP 2025-11-25, Authorization)
            ScopesSupported = [services.GetRequiredService<Challenges>().Qualify(options.RequiredScope)],
            BearerMethodsSupported = ["header"],
        }, s_typeInfo, context.RequestAborted);
    }
}
