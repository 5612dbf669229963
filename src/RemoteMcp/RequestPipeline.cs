using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Configuration;
using RemoteMcp.Health;
using RemoteMcp.HomePage;
using RemoteMcp.Http;
using RemoteMcp.Limits;
using RemoteMcp.Sessions;
using RemoteMcp.Sessions.Batches;

namespace RemoteMcp;

/// <summary>
/// The way of a request, the same in every host: Kestrel in <c>remote-mcp serve</c>, the worker in Azure Functions, the tests.
/// </summary>
public sealed partial class RequestPipeline
{
    private readonly RequestDelegate _pipeline;
    private readonly IHttpContextAccessor _accessor;
    private readonly ILogger _logger;

    /// <summary>Builds the pipeline from what <see cref="RemoteMcpServices.AddRemoteMcp"/> registered.</summary>
    /// <param name="services">The host's services.</param>
    public RequestPipeline(IServiceProvider services)
    {
        _logger = services.GetRequiredService<ILogger<RequestPipeline>>();
        _accessor = services.GetRequiredService<IHttpContextAccessor>();
        var app = new ApplicationBuilder(services);
        app.UseProtocolErrors();
        app.UseRequestLifetime();
        app.UseOriginValidation();
        app.UsePublicUrl();
        app.UseCors();
        app.UseWhen(IsMcp, mcp =>
        {
            mcp.UseKeepAlive();
            mcp.UseBearerAuthentication();
            mcp.UseRequestBody();
            mcp.UseBatches();
            mcp.UseRequestMessage();
            mcp.UseProtocolRevisionValidation();
            mcp.UsePermissions();
            mcp.UseLimits();
        });
        app.UseSessions();
        app.UseRouting();
        app.UseEndpoints(static endpoints =>
        {
            endpoints.MapMcp(RemoteMcpOptions.McpPath);
            endpoints.MapLegacySse();
            endpoints.MapResourceMetadata();
            endpoints.MapHealth();
            endpoints.MapHome();
        });
        _pipeline = app.Build();
    }

    /// <summary>Serves one request. Every failure becomes an answer; nothing is thrown but by a client that is gone.</summary>
    /// <param name="context">The request, without an endpoint of the host's own routing.</param>
    public Task InvokeAsync(HttpContext context) => _pipeline(context);

    /// <summary>
    /// Serves one request as an invocation of a host that may end it although its client is still connected, and that calls from outside
    /// ASP.NET Core's own flow, as the Functions worker does.
    /// </summary>
    /// <param name="context">The request, without an endpoint of the host's own routing.</param>
    /// <param name="hostEnds">Cancelled when the host ends the request. The client then gets an error that asks it to call again.</param>
    /// <returns>A task that completes when the response is complete.</returns>
    public async Task InvokeAsync(HttpContext context, CancellationToken hostEnds)
    {
        ArgumentNullException.ThrowIfNull(context);
        var invocation = new HostInvocation(hostEnds);
        context.Features.Set(invocation);
        // ASP.NET Core sets it in its own flow, which is not the one of the invocation.
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
                // A tool ignores cancellation. An invocation that waits for it makes the host restart the worker with all other calls.
                LogAbandoned(_logger, context.Request.Method, context.Request.Path);
            }
        }
        finally
        {
            _accessor.HttpContext = null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was cancelled and did not end; its connection was closed. A tool ignores its CancellationToken.")]
    private static partial void LogAbandoned(ILogger logger, string method, PathString path);

    private static bool IsMcp(HttpContext context) => context.Request.Path.StartsWithSegments(RemoteMcpOptions.McpPath);
}
