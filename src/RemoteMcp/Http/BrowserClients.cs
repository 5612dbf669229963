using Microsoft.AspNetCore.Cors.Infrastructure;

namespace RemoteMcp.Http;

/// <summary>Lets pages of allowed origins call the server and read what MCP puts into headers (CORS).</summary>
internal static class BrowserClients
{
    private static readonly string[] Methods = ["GET", "POST", "DELETE"];
    private static readonly string[] ExposedHeaders = ["WWW-Authenticate", "Mcp-Session-Id", "MCP-Protocol-Version", "Retry-After"];

    public static void Configure(CorsPolicyBuilder policy, AllowedOrigins origins) => policy
        .SetIsOriginAllowed(origins.IsAllowedOrigin)
        .WithMethods(Methods)
        .AllowAnyHeader()
        .WithExposedHeaders(ExposedHeaders)
        .SetPreflightMaxAge(TimeSpan.FromHours(1));
}
