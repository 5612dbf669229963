using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace RemoteMcp.Functions;

/// <summary>
/// The server's routes on the Functions host. Each hands its request to the pipeline, which answers everything: the host's own keys and
/// routing know nothing of MCP. The host matches functions in alphabetical order of their names, and answers what none lists with an
/// empty 404, so every method is listed here and the pipeline judges it.
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
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "options", Route = "mcp/sse")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>The HTTP+SSE transport of 2024-11-05: the messages.</summary>
    [Function("McpMessage")]
    public Task McpMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "options", Route = "mcp/message")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>Protected resource metadata (RFC 9728), at the root and at the endpoint's own path.</summary>
    [Function("ResourceMetadata")]
    public Task ResourceMetadata(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "options", Route = ".well-known/oauth-protected-resource/{*path}")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>The process answers.</summary>
    [Function("Healthz")]
    public Task Healthz(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "healthz")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>What the server depends on answers.</summary>
    [Function("Readyz")]
    public Task Readyz(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "readyz")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>The icon that browsers ask for.</summary>
    [Function("Favicon")]
    public Task Favicon(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "favicon.ico")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>What search engines may look at.</summary>
    [Function("Robots")]
    public Task Robots(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "robots.txt")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    /// <summary>
    /// The root: the page for people. The host answers it with a page of its own unless the app setting
    /// <c>AzureWebJobsDisableHomepage</c> is <c>true</c>, and takes an empty route for the function's name.
    /// </summary>
    [Function("WebPage")]
    public Task WebPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "options", "put", "patch", "delete", Route = "/")] HttpRequest request,
        CancellationToken invocationEnds) => ServeAsync(request, invocationEnds);

    private async Task ServeAsync(HttpRequest request, CancellationToken invocationEnds)
    {
        var context = request.HttpContext;
        // The worker has matched an endpoint and route values of its own; the pipeline matches again.
        context.SetEndpoint(null);
        request.RouteValues.Clear();
        // A function that outlives its invocation has its whole worker process restarted.
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, invocationEnds);
        context.RequestAborted = ends.Token;
        await pipeline.InvokeAsync(context);
    }
}
