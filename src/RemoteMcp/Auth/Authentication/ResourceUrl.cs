using Microsoft.AspNetCore.Http;
using RemoteMcp.Configuration;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Creates the URLs that clients use for the resource. The pipeline has already restored the scheme and host that the client used, and it
/// has checked the host. A forged Host header therefore never appears in these URLs.
/// </summary>
internal static class ResourceUrl
{
    public const string IssuerPath = "/oauth";

    public const string MetadataPath = "/.well-known/oauth-protected-resource";

    /// <summary>Returns the resource identifier (RFC 9728, section 1.2), which is the URL of the MCP endpoint.</summary>
    public static string Of(HttpRequest request) => Base(request) + RemoteMcpOptions.McpPath;

    /// <summary>
    /// Returns the issuer of the server's own tokens (RFC 8414, section 2). It has a path, because two clients cannot use an issuer at the
    /// root.
    /// </summary>
    public static string OfIssuer(HttpRequest request) => Base(request) + IssuerPath;

    /// <summary>Returns the URL of the resource metadata (RFC 9728, section 3.1).</summary>
    public static string OfMetadata(HttpRequest request) => Base(request) + MetadataPath + RemoteMcpOptions.McpPath;

    private static string Base(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}";
}
