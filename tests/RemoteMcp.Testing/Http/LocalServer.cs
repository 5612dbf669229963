using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RemoteMcp.Testing.Http;

/// <summary>
/// Starts HTTP servers in this process, each on a free port. They read no settings of the machine and write no logs, unless the test adds
/// a source or a provider.
/// </summary>
internal static class LocalServer
{
    /// <summary>Starts a server that gives all requests to one delegate.</summary>
    public static Task<WebApplication> StartAsync(RequestDelegate serve, CancellationToken cancellationToken) =>
        StartAsync(static _ => { }, app => app.Run(serve), cancellationToken);

    /// <summary>Starts a server with the request pipeline of the product.</summary>
    /// <param name="configure">The settings and the services, which include those of the MCP server.</param>
    /// <param name="use">The middleware in front of the pipeline.</param>
    /// <param name="cancellationToken">The token that cancels the start.</param>
    public static Task<WebApplication> StartPipelineAsync(
        Action<WebApplicationBuilder> configure, Action<WebApplication> use, CancellationToken cancellationToken) =>
        StartAsync(builder =>
        {
            // Clients keep their connections open, and a test would wait for the delay when it stops its server.
            builder.Configuration.AddInMemoryCollection([new("RemoteMcp:Http:ShutdownDelay", "00:00:00")]);
            configure(builder);
        }, app =>
        {
            use(app);
            // Builds the pipeline before the start, as `serve` does, so that an invalid setting causes the same error.
            app.Run(app.Services.GetRequiredService<RequestPipeline>().InvokeAsync);
        }, cancellationToken);

    private static async Task<WebApplication> StartAsync(
        Action<WebApplicationBuilder> configure, Action<WebApplication> use, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        configure(builder);
        var app = builder.Build();
        try
        {
            use(app);
            await app.StartAsync(cancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }
}
