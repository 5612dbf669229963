using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace RemoteMcp.Cli.Hosting;

/// <summary>Starts Kestrel, and converts the reason why it cannot listen to an error that an operator can correct.</summary>
/// <param name="server">Kestrel.</param>
/// <param name="source">The name of the option or setting that has the URLs.</param>
/// <param name="urls">The URLs to listen on.</param>
internal sealed class ListeningServer(IServer server, string source, IReadOnlyList<string> urls) : IServer
{
    public IFeatureCollection Features => server.Features;

    /// <summary>Replaces the registered server with one that reports why it cannot start.</summary>
    public static void Decorate(IServiceCollection services, string source, IReadOnlyList<string> urls)
    {
        var kestrel = services.Last(static service => service.ServiceType == typeof(IServer)).ImplementationType!;
        services.AddSingleton<IServer>(provider =>
            new ListeningServer((IServer)ActivatorUtilities.CreateInstance(provider, kestrel), source, urls));
    }

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        try
        {
            await server.StartAsync(application, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw ListenUrls.Refusal(ListenErrors.Describe(exception, source, urls));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();
}
