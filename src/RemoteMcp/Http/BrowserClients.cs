using Microsoft.AspNetCore.Cors.Infrastructure;

namespace RemoteMcp.Http;

/// <summary>
/// Configures CORS for clients that run in a browser. Pages of allowed origins can call the server and read the response headers that MCP
/// uses.
/// </summary>
internal static class BrowserClients
{
    private static readonly string[] s_methods = ["GET", "POST", "DELETE"];
    private static readonly string[] s_exposedHeaders = ["WWW-Authenticate", "Mcp-Session-Id", "MCP-Protocol-Version", "Retry-After"];

    public static void Configure(CorsPolicyBuilder policy, AllowedOrigins origins) => policy
        .SetIsOriginAllowed(origins.IsAllowedOrigin)
        .WithMethods(s_methods)
        .AllowAnyHeader()
        .WithExposedHeaders(s_exposedHeaders)
        .SetPreflightMaxAge(TimeSpan.FromHours(1));
}
