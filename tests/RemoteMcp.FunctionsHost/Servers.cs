using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.FunctionsHost.Requests;
using RemoteMcp.FunctionsHost.Workers;

namespace RemoteMcp.FunctionsHost;

/// <summary>The two servers of the host: gRPC for the worker, and HTTP for clients.</summary>
internal static class Servers
{
    // The limit of the Functions host.
    private const long MaxRequestBodySize = 100 * 1024 * 1024;

    public static WebApplication BuildRpc(WorkerChannels channels)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc(static grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (null, null));
        builder.Services.AddSingleton(channels);
        var app = builder.Build();
        app.MapGrpcService<FunctionRpcService>();
        return app;
    }

    public static WebApplication BuildFrontEnd(
        HostArguments options, HostJson settings, AppWorker worker, IReadOnlyList<HttpFunction> functions, HostLog log)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.Urls)
            .ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = MaxRequestBodySize);
        builder.Services.AddRouting();
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(worker);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<FunctionInvoker>();
        builder.Services.AddHostedService<WorkerShutdown>();
        var app = builder.Build();
        app.UseFunctions(functions, settings.RoutePrefix, app.Services.GetRequiredService<FunctionInvoker>());
        return app;
    }
}
