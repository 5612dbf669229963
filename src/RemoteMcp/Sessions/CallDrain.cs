using Microsoft.Extensions.Hosting;
using RemoteMcp.Http;

namespace RemoteMcp.Sessions;

/// <summary>
/// Gives calls whose clients have left the grace period of the shutdown too. The web server waits only for open requests, and the SDK ends
/// its sessions and their calls when it stops. This service must therefore be registered after the SDK, so that it stops before the SDK.
/// </summary>
internal sealed class CallDrain(RunningCalls calls, Shutdown shutdown) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, shutdown.GraceOver);
        await calls.WhenNoneAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
