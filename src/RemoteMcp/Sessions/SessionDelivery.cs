using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Configuration;
using RemoteMcp.Protocol;

namespace RemoteMcp.Sessions;

/// <summary>
/// Passes a message to a session on this instance, as if the client had sent the message to this instance. It invokes the SDK's endpoint
/// with a request in the name of the caller. The request skips the pipeline, because the instance that received the client's request has
/// already run the checks of the pipeline.
/// </summary>
internal sealed class SessionDelivery
{
    private readonly IServiceScopeFactory _scopes;
    private readonly Lazy<RequestDelegate> _endpoint;

    public SessionDelivery(IServiceProvider services)
    {
        _scopes = services.GetRequiredService<IServiceScopeFactory>();
        // The endpoint is built at its first use, because the dependencies form a cycle: the endpoint needs the server's options, the
        // options need SessionHandlers, and SessionHandlers needs this class.
        _endpoint = new(() =>
        {
            var app = new ApplicationBuilder(services);
            app.UseRouting();
            app.UseEndpoints(static endpoints => endpoints.MapMcp(RemoteMcpOptions.McpPath));
            return app.Build();
        });
    }

    /// <summary>Passes a message to the session.</summary>
    /// <returns>Whether the session's transport accepted it.</returns>
    public async Task<bool> PostAsync(
        string session, string message, string? protocolVersion, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await RunAsync(HttpMethods.Post, session, message, protocolVersion, user, cancellationToken) is >= 200 and < 300;

    /// <summary>Ends the session in this instance's memory.</summary>
    public Task DeleteAsync(string session, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        RunAsync(HttpMethods.Delete, session, "", null, user, cancellationToken);

    private async Task<int> RunAsync(
        string method, string session, string message, string? protocolVersion, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, User = user, RequestAborted = cancellationToken };
        var request = context.Request;
        request.Method = method;
        request.Scheme = Uri.UriSchemeHttp;
        request.Host = new HostString("localhost");
        request.Path = RemoteMcpOptions.McpPath;
        request.ContentType = "application/json";
        request.Headers.Accept = "application/json, text/event-stream";
        request.Headers[SessionMiddleware.HeaderName] = session;
        if (protocolVersion is not null)
        {
            request.Headers[ProtocolRevisions.HeaderName] = protocolVersion;
        }

        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(message));
        await _endpoint.Value(context);
        return context.Response.StatusCode;
    }
}
