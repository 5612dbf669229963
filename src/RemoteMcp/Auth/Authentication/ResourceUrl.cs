using Microsoft.AspNetCore.Http;
using RemoteMcp.Configuration;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// The URLs by which clients know the resource. Requests have been made to look as the client sent them, and their host was checked:
/// no made-up Host header gets into what is said here.
/// </summary>
internal static class ResourceUrl
{
    public const string MetadataPath = "/.well-known/oauth-protected-resource";

    /// <summary>The resource identifier (RFC 9728, section 1.2): the MCP endpoint.</summary>
    public static string Of(HttpRequest request) => Base(request) + RemoteMcpOptions.McpPath;

    /// <summary>Where the resource's metadata is (RFC 9728, section 3.1).</summary>
    public static string OfMetadata(HttpRequest request) => Base(request) + MetadataPath + RemoteMcpOptions.McpPath;

    private static string Base(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}";
}
