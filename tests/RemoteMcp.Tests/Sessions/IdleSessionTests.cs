using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using RemoteMcp.Sessions;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests that clients do not notice when an unused session leaves the memory of an instance.</summary>
public sealed class IdleSessionTests
{
    [Fact]
    public async Task Unused_sessions_over_the_limit_leave_memory_and_continue_when_used()
    {
        await using var fleet = await InProcessFleet.StartAsync(
            1, Cancellation, ("RemoteMcp:Sessions:MaxIdleInMemory", "1"), ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"));
        var live = fleet.Service<LiveSessions>(0);
        WireClient[] clients = [new(), new(), new()];
        foreach (var client in clients)
        {
            await client.InitializeAsync(fleet.Urls[0]);
        }

        await Eventually.IsTrueAsync(
            () => clients.Count(client => live.TryGet(client.InternalSessionId, out _)) <= 1);

        foreach (var client in clients)
        {
            Assert.Equal("again", await client.TextAsync(fleet.Urls[0], 1, "echo", """{"text":"again"}"""));
            client.Dispose();
        }
    }

    [Fact]
    public async Task An_unused_session_leaves_memory_long_before_its_row_expires()
    {
#pragma warning disable MCP9006 // The test checks how the SDK keeps sessions.
        await using var fleet = await InProcessFleet.StartAsync(1, Cancellation);
        var (sdk, ours) = (fleet.Service<IOptions<HttpServerTransportOptions>>(0).Value, fleet.Service<IOptions<SessionOptions>>(0).Value);

        Assert.Equal(TimeSpan.FromMinutes(2), sdk.IdleTimeout);
        Assert.Equal(TimeSpan.FromHours(24), ours.Lifetime);
#pragma warning restore MCP9006
    }
}
