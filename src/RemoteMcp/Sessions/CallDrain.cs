using Microsoft.Extensions.Hosting;
using RemoteMcp.Http;

namespace RemoteMcp.Sessions;

/// <summary>
/// Delays the shutdown until all running calls have ended or the grace period is over. The web server waits only for open requests. This
/// service also waits for calls whose clients have disconnected. The SDK ends its sessions and their calls when it stops. Register this
/// service after the SDK, so that it stops before the SDK.
/// </summary>
internal sealed class CallDrain(RunningCalls calls, Shutdown shutdown) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, shutdown.GraceOver);
        await calls.WaitForAllAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
