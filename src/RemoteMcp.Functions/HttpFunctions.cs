using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace RemoteMcp.Functions;

/// <summary>
/// The server's routes on the Functions host. Each passes its request to the pipeline, which answers everything: the host's own keys and
/// routing know nothing of MCP. The host matches functions in alphabetical order of their names, and answers a method that none of them
/// lists with an empty 404, so every method is listed here and the pipeline judges it.
/// </summary>
/// <param name="pipeline">The way of a request.</param>
public sealed class HttpFunctions(RequestPipeline pipeline)
{
    /// <summary>Streamable HTTP, every revision.</summary>
    [Function("Mcp")]
    public Task Mcp(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "mcp")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>The HTTP+SSE transport of 2024-11-05: the stream.</summary>
    [Function("McpSse")]
    public Task McpSse(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "mcp/sse")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>The HTTP+SSE transport of 2024-11-05: the messages.</summary>
    [Function("McpMessage")]
    public Task McpMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "mcp/message")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>Protected resource metadata (RFC 9728), at the root and at the endpoint's own path.</summary>
    [Function("ResourceMetadata")]
    public Task ResourceMetadata(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = ".well-known/oauth-protected-resource/{*path}")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>The process answers.</summary>
    [Function("Healthz")]
    public Task Healthz(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "healthz")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>What the server depends on answers.</summary>
    [Function("Readyz")]
    public Task Readyz(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "readyz")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>The icon that browsers ask for.</summary>
    [Function("Favicon")]
    public Task Favicon(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "favicon.ico")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>What search engines may look at.</summary>
    [Function("Robots")]
    public Task Robots(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "robots.txt")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>
    /// The root: the web page for people. The host takes an empty route for the function's name, and the worker cannot parse <c>/</c>, so
    /// the route is a parameter that matches nothing but the root.
    /// </summary>
    [Function("WebPage")]
    public Task WebPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", "options", "head", "put", "patch", Route = "{root:maxlength(0)?}")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    private Task ServeAsync(HttpRequest request, CancellationToken invocationEnds)
    {
        var context = request.HttpContext;
        // The worker has matched an endpoint and route values of its own; the pipeline matches again.
        context.SetEndpoint(null);
        request.RouteValues.Clear();
        // A function that runs on after its invocation was cancelled makes the host restart the whole worker process.
        return pipeline.InvokeAsync(context, invocationEnds);
    }
}
