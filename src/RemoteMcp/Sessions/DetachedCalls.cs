using System.Security.Claims;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;

namespace RemoteMcp.Sessions;

/// <summary>
/// Calls that go on though their client has left. The SDK takes a session without an open request for idle, and ends it with all its
/// calls; a message that says nothing, now and then, shows it that the session is in use.
/// </summary>
internal sealed class DetachedCalls(SessionDelivery delivery, IOptions<HttpServerTransportOptions> options)
{
    // No method of the protocol: the SDK passes notifications that it does not know to nobody.
    private const string Nothing = """{"jsonrpc":"2.0","method":"notifications/remote-mcp/in-use"}""";
    private const int TimesPerIdleTimeout = 4;

    /// <summary>Keeps the session in memory until the call has ended.</summary>
    /// <param name="session">The session's id within.</param>
    /// <param name="call">The call, whose request has ended.</param>
    /// <param name="user">Whose session it is.</param>
    public void Attend(string session, RunningCall call, ClaimsPrincipal user)
    {
        if (!call.Completion.IsCompleted)
        {
            _ = KeepAsync(session, call, user);
        }
    }

    private async Task KeepAsync(string session, RunningCall call, ClaimsPrincipal user)
    {
#pragma warning disable MCP9006 // How long the SDK keeps sessions of 2025-11-25 and earlier.
        using var timer = new PeriodicTimer(options.Value.IdleTimeout / TimesPerIdleTimeout, options.Value.TimeProvider);
#pragma warning restore MCP9006
        var tick = timer.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(call.Completion, tick) == tick
            // The session has ended where nobody takes the message, and the call with it.
            && await delivery.PostAsync(session, Nothing, null, user, CancellationToken.None))
        {
            tick = timer.WaitForNextTickAsync().AsTask();
        }
    }
}
