using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;

namespace RemoteMcp.Sessions;

/// <summary>
/// Keeps sessions in memory for calls that continue after their clients have left. The SDK treats a session without an open request as
/// idle, and ends it with all of its calls. A periodic message without effect shows the SDK that the session is in use.
/// </summary>
internal sealed class DetachedCalls(SessionDelivery delivery, IOptions<HttpServerTransportOptions> options)
{
    // The protocol does not define this method. The SDK ignores notifications that it does not know.
    private const string InUse = """{"jsonrpc":"2.0","method":"notifications/remote-mcp/in-use"}""";
    private const int MessagesPerIdleTimeout = 4;

    /// <summary>Keeps the session in memory until the call has ended, without waiting for that.</summary>
    /// <param name="call">The call. Its request has ended.</param>
    public void KeepSession(RunningCall call)
    {
        if (!call.Completion.IsCompleted)
        {
            _ = KeepAsync(call);
        }
    }

    private async Task KeepAsync(RunningCall call)
    {
#pragma warning disable MCP9006 // How long the SDK keeps sessions of 2025-11-25 and earlier.
        using var timer = new PeriodicTimer(options.Value.IdleTimeout / MessagesPerIdleTimeout, options.Value.TimeProvider);
#pragma warning restore MCP9006
        var tick = timer.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(call.Completion, tick) == tick
            // If the session does not accept the message, the session and the call have ended.
            && await delivery.PostAsync(call.Session, InUse, null, call.User, CancellationToken.None))
        {
            tick = timer.WaitForNextTickAsync().AsTask();
        }
    }
}
