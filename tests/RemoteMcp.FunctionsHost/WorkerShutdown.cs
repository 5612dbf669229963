using Microsoft.Extensions.Hosting;
using RemoteMcp.FunctionsHost.Workers;

namespace RemoteMcp.FunctionsHost;

/// <summary>Stops the worker before the front end closes its connections, as when the platform removes an instance.</summary>
/// <param name="worker">The worker of the app.</param>
internal sealed class WorkerShutdown(AppWorker worker) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken) => worker.StopAsync();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
