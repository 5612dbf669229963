using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace RemoteMcp.Functions;

/// <summary>
/// Defines the server's routes on the Functions host. Each function passes its request to the pipeline, which does its own routing and
/// authentication. The functions are anonymous, because MCP clients do not send the host's function keys. The host matches functions in
/// alphabetical order of their names. If no function lists the method of a request, the host responds with an empty 404. Therefore, each
/// function lists every method, and the pipeline decides which methods are allowed.
/// </summary>
/// <param name="pipeline">The request pipeline.</param>
public sealed class HttpFunctions(RequestPipeline pipeline)
{
    /// <summary>Handles requests for Streamable HTTP, in all revisions.</summary>
    [Function("Mcp")]
    public Task Mcp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "mcp")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles requests for the stream of the HTTP+SSE transport of 2024-11-05.</summary>
    [Function("McpSse")]
    public Task McpSse(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "mcp/sse")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles requests for the messages of the HTTP+SSE transport of 2024-11-05.</summary>
    [Function("McpMessage")]
    public Task McpMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "mcp/message")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles requests for the protected resource metadata (RFC 9728), at the root and at the path of the endpoint.</summary>
    [Function("ResourceMetadata")]
    public Task ResourceMetadata(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch",
            Route = ".well-known/oauth-protected-resource/{*path}")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles requests for the endpoints and pages of the authorization server.</summary>
    [Function("OAuth")]
    public Task OAuth(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "oauth/{*path}")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles requests for the metadata of the authorization server (RFC 8414), at the root and for the issuer.</summary>
    [Function("AuthorizationServerMetadata")]
    public Task AuthorizationServerMetadata(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch",
            Route = ".well-known/oauth-authorization-server/{*path}")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles requests of clients that look for the metadata at the path of OpenID Connect Discovery.</summary>
    [Function("OpenIdMetadata")]
    public Task OpenIdMetadata(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch",
            Route = ".well-known/openid-configuration/{*path}")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles authorization requests of clients that do not read the metadata.</summary>
    [Function("Authorize")]
    public Task Authorize(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "authorize")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles token requests of clients that do not read the metadata.</summary>
    [Function("Token")]
    public Task Token(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "token")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles registrations of clients that do not read the metadata.</summary>
    [Function("Register")]
    public Task Register(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "register")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles requests for the health of the process.</summary>
    [Function("Healthz")]
    public Task Healthz(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "healthz")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles requests for the health of the server's dependencies.</summary>
    [Function("Readyz")]
    public Task Readyz(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "readyz")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles requests for the icon that browsers show.</summary>
    [Function("Favicon")]
    public Task Favicon(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "favicon.ico")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>Handles requests for the rules for search engines.</summary>
    [Function("Robots")]
    public Task Robots(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "robots.txt")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    /// <summary>
    /// Handles requests for the web page at the root. The host replaces an empty route with the name of the function, and the worker
    /// cannot parse the route <c>/</c>. Therefore, the route is an optional parameter that matches only the empty path.
    /// </summary>
    [Function("WebPage")]
    public Task WebPage(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch",
            Route = "{root:maxlength(0)?}")]
        HttpRequest request,
        CancellationToken cancellationToken) => ServeAsync(request, cancellationToken);

    private Task ServeAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var context = request.HttpContext;
        // The worker has set an endpoint and route values. Clear them, because the pipeline does its own routing.
        context.SetEndpoint(null);
        request.RouteValues.Clear();
        // The host cancels the token at functionTimeout. If the function continues after that, the host restarts the whole worker process.
        return pipeline.InvokeAsync(context, cancellationToken);
    }
}
