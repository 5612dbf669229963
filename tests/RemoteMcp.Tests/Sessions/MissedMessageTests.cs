using System.Net;
using RemoteMcp.Fleet;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests messages that an instance missed while it had no lease.</summary>
public sealed class MissedMessageTests
{
    [Fact]
    public async Task An_instance_that_had_no_lease_still_learns_that_a_session_ended()
    {
        await using var fleet = await InProcessFleet.StartAsync(2, Cancellation);
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        Assert.Equal("x", await client.TextAsync(fleet.Urls[0], 1, "echo", """{"text":"x"}"""));

        await fleet.Service<FleetMembership>(0).ReleaseLeaseAsync(static () => false, Cancellation);
        await client.DeleteAsync(fleet.Urls[1]);
        await fleet.Service<FleetMembership>(0).EnsureLeaseAsync(Cancellation);

        using var gone = await client.CallAsync(fleet.Urls[0], 2, "echo", """{"text":"x"}""");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task An_instance_that_had_no_lease_still_learns_the_new_log_level()
    {
        await using var fleet = await InProcessFleet.StartAsync(2, Cancellation);
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        Assert.Equal("none", await client.TextAsync(fleet.Urls[0], 1, "level"));

        await fleet.Service<FleetMembership>(0).ReleaseLeaseAsync(static () => false, Cancellation);
        using var set = await client.PostAsync(
            fleet.Urls[1], """{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"warning"}}""");
        await AnswerAsync(set, 2);
        await fleet.Service<FleetMembership>(0).EnsureLeaseAsync(Cancellation);

        Assert.Equal("Warning", await client.TextAsync(fleet.Urls[0], 3, "level"));
    }
}
