using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.AuthorizationServer;
using RemoteMcp.Configuration;
using RemoteMcp.Health;
using RemoteMcp.HomePage;
using RemoteMcp.Http;
using RemoteMcp.Limits;
using RemoteMcp.Observability;
using RemoteMcp.Sessions;
using RemoteMcp.Sessions.Batches;

namespace RemoteMcp;

/// <summary>
/// Represents the pipeline for HTTP requests. All hosts use the same pipeline: Kestrel in <c>remote-mcp serve</c>, the worker of Azure
/// Functions, and the tests.
/// </summary>
public sealed partial class RequestPipeline
{
    private readonly RequestDelegate _pipeline;
    private readonly IHttpContextAccessor _accessor;
    private readonly ILogger _logger;

    /// <summary>Builds the pipeline from the services that <see cref="RemoteMcpServices.AddRemoteMcp"/> registers.</summary>
    /// <param name="services">The services of the host.</param>
    public RequestPipeline(IServiceProvider services)
    {
        _logger = services.GetRequiredService<ILogger<RequestPipeline>>();
        _accessor = services.GetRequiredService<IHttpContextAccessor>();
        var app = new ApplicationBuilder(services);
        app.UseShutdownAnnouncement();
        app.UseRefusalAudit();
        app.UseErrorResponses();
        app.UseRequestLifetime();
        app.UseOriginValidation();
        app.UsePublicUrl();
        app.UseCors();
        app.UseBodyPace();
        app.UseEndpointVisits();
        app.UseWhen(IsMcp, mcp =>
        {
            mcp.UseKeepAlive();
            mcp.UseBearerAuthentication();
            mcp.UseMessageLimits();
            mcp.UseRequestBody();
            mcp.UseBatches();
            mcp.UseRefusalAudit();
            mcp.UseRequestMessage();
            mcp.UseProtocolRevisionValidation();
            mcp.UsePermissions();
            mcp.UseCallLimits();
        });
        app.UseWhen(
            static context => !IsMcp(context) && HttpMethods.IsPost(context.Request.Method), static other => other.UseAnonymousLimits());
        app.UseAuthorizationServer();
        app.UseSessions();
        app.UseSdkErrors();
        app.UseRouting();
        app.UseEndpoints(static endpoints =>
        {
            endpoints.MapMcp(RemoteMcpOptions.McpPath);
            endpoints.MapLegacySse();
            endpoints.MapResourceMetadata();
            endpoints.MapAuthorizationServer();
            endpoints.MapHealth();
            endpoints.MapHome();
        });
        _pipeline = app.Build();
    }

    /// <summary>Processes a request. Every failure becomes a response. This method throws only if the client has disconnected.</summary>
    /// <param name="context">The request, without an endpoint from the routing of the host.</param>
    /// <returns>A task that completes when the response is complete.</returns>
    public Task InvokeAsync(HttpContext context) => _pipeline(context);

    /// <summary>
    /// Processes a request as an invocation of a host such as the Functions worker. The host can end the invocation while the client is
    /// still connected, and it calls this method outside the execution context of ASP.NET Core.
    /// </summary>
    /// <param name="context">The request, without an endpoint from the routing of the host.</param>
    /// <param name="invocationCancelled">
    /// A token that is cancelled when the host cancels the invocation. The client then gets an error that names the host as the reason.
    /// </param>
    /// <returns>A task that completes when the response is complete or the server abandons the request.</returns>
    public async Task InvokeAsync(HttpContext context, CancellationToken invocationCancelled)
    {
        ArgumentNullException.ThrowIfNull(context);
        var invocation = new HostInvocation(invocationCancelled);
        context.Features.Set(invocation);
        // ASP.NET Core sets the accessor in its own execution context, which differs from the context of the invocation.
        _accessor.HttpContext = context;
        try
        {
            var request = _pipeline(context);
            if (await Task.WhenAny(request, invocation.Abandoned) == request)
            {
                await request;
            }
            else
            {
                // Return without the request. If this invocation lasted beyond functionTimeout, the host would restart the worker and
                // thereby end all its other requests.
                var (method, path) = (context.Request.Method, context.Request.Path);
                LogAbandoned(_logger, method, path);
                _ = request.ContinueWith(
                    failed => LogFailedLate(_logger, method, path, failed.Exception!),
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
        }
        finally
        {
            _accessor.HttpContext = null;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Method} {Path} was cancelled and did not end; its connection was closed. "
            + "It probably runs a tool that ignores its CancellationToken.")]
    private static partial void LogAbandoned(ILogger logger, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} failed after its connection was closed.")]
    private static partial void LogFailedLate(ILogger logger, string method, PathString path, Exception exception);

    private static bool IsMcp(HttpContext context) => context.Request.Path.StartsWithSegments(RemoteMcpOptions.McpPath);
}
