using Microsoft.Extensions.Hosting;
using RemoteMcp.Http;

namespace RemoteMcp.Sessions;

/// <summary>
/// Gives the grace time to calls whose clients have left, too: the web server waits for requests only, and the SDK ends its sessions, and
/// their calls, when it is stopped. It therefore has to be registered after the SDK, to be stopped before it.
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
