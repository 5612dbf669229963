using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.ConformanceServer.Tools;

/// <summary>
/// Tools for this repository's tests, not for the suite. They show whether a client's cancellation reached the running tool.
/// </summary>
internal sealed class CancellationTools(Waits waits)
{
    private static readonly TimeSpan s_cancellationLimit = TimeSpan.FromMinutes(1);

    // A cancellation can arrive late on a busy machine. This limit distinguishes a late cancellation from a missing one.
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(30);

    [McpServerTool(Name = "wait_until_cancelled"), Description("Reports progress once, then waits one minute for a cancellation.")]
    public async Task<string> Wait(
        [Description("The name of this wait, for was_cancelled.")] string ticket,
        RequestContext<CallToolRequestParams> context,
        CancellationToken cancellationToken)
    {
        try
        {
            // The client cancels when it receives this notification, possibly before the call that sends it has returned.
            if (context.Params?.ProgressToken is { } token)
            {
                await context.Server.NotifyProgressAsync(
                    token, new() { Progress = 1, Message = "waiting" }, cancellationToken: cancellationToken);
            }

            await Task.Delay(s_cancellationLimit, cancellationToken);
            return "The call was not cancelled.";
        }
        catch (OperationCanceledException)
        {
            await waits.MarkCancelledAsync(ticket);
            throw;
        }
    }

    [McpServerTool(Name = "ignore_cancellation")]
    [Description("Reports progress once, then runs for the given time even if it is cancelled.")]
    public static async Task<string> Ignore(int seconds, RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        if (context.Params?.ProgressToken is { } token)
        {
            await context.Server.NotifyProgressAsync(token, new() { Progress = 1 }, cancellationToken: cancellationToken);
        }

        await Task.Delay(TimeSpan.FromSeconds(seconds), CancellationToken.None);
        return "done";
    }

    [McpServerTool(Name = "was_cancelled"), Description("Waits up to 30 seconds until the wait with that name is cancelled.")]
    public async Task<string> WasCancelled(string ticket, CancellationToken cancellationToken) =>
        await waits.WasCancelledAsync(ticket, s_bound, cancellationToken) ? "cancelled" : "still running";
}
