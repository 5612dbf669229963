using System.Net;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using RemoteMcp.Fleet;
using RemoteMcp.Sessions;
using RemoteMcp.Sessions.Streams;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Hostile;

/// <summary>Tests requests for events and streams of other callers, and for events that do not exist.</summary>
public sealed class HostileEventTests : HostileSessions
{
    [Fact]
    public async Task Events_of_another_session_are_not_replayed()
    {
        using var call = await TheVictim.CallAsync(A, 1, "echo", """{"text":"the victim's secret"}""");
        var stolen = await ReadAsync(call)
            .Where(static each => each.Id is not null)
            .Select(static each => each.Id!)
            .ToListAsync(Cancellation);
        Assert.NotEmpty(stolen);
        foreach (var url in Instances.Urls)
        {
            foreach (var id in stolen)
            {
                using var resumed = await TheAttacker.GetAsync(url, id);
                Assert.Equal(HttpStatusCode.BadRequest, resumed.StatusCode);
            }
        }
    }

    [Fact]
    public async Task Events_on_the_GET_stream_of_another_session_are_not_replayed()
    {
        using var stream = await TheVictim.GetAsync(A);
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        await events.MoveNextAsync();
        var first = events.Current.Id!;
        await RaiseAsync(TheVictim, "the victim's secret");
        await events.MoveNextAsync();

        using var resumed = await TheAttacker.GetAsync(B, first);
        await using var stolen = ReadAsync(resumed).GetAsyncEnumerator(Cancellation);
        await stolen.MoveNextAsync();
        await RaiseAsync(TheAttacker, "its own");
        await stolen.MoveNextAsync();
        Assert.Equal("its own", stolen.Current.Message?["params"]?["data"]?.GetValue<string>());
    }

    [Fact]
    public async Task Waiting_messages_cannot_be_read_with_a_forged_stream_name()
    {
        using (var stream = await TheVictim.GetAsync(A))
        {
            await ReadAsync(stream).FirstAsync(Cancellation);
        }

        await Eventually.IsTrueAsync(() => !Instances.Service<GetStreams>(0).IsOpen(Inner(TheVictim.Session!)));
        await RaiseAsync(TheVictim, "waits");
        foreach (var name in new[] { "waiting", "Waiting" })
        {
            using var resumed = await TheVictim.GetAsync(A, $"{name}_0_0_{Instances.Service<FleetMembership>(1).Id}_n1");
            Assert.Equal(HttpStatusCode.BadRequest, resumed.StatusCode);
        }
    }

    public static TheoryData<string> BadEventIds =>
    [
        " x", "x", "_", "____", "_____", "get", "get_", "get_1_1", "get_1_1__x", "get_-1_1__", "get_1_-1__", "get_1_1_0123456789abcdef_n1",
        "get_99999999999999999999_1__", "p1_0_1__n1", "p1_0_1_x_n1", "p1_0_1_0123456789ABCDEF_n1", "p1_0_1_0123456789abcdef_x1",
        "p1_0_1_0123456789abcdef_n", "p1_0_1_0123456789abcdef_s1", "p1_0_1_0123456789abcdef_sZZ", "P1_0_1_0123456789abcdef_n1",
        "p|1_0_1_0123456789abcdef_n1", "../x_0_1_0123456789abcdef_n1", "p1_0x1_1_0123456789abcdef_n1", "p1_0_1_../../../../../.._n1",
        "p1_0_1_0123456789abcde/_n1", "'_0_1_0123456789abcdef_n1", "p1_0_1.5_0123456789abcdef_n1", "p1_1e3_1_0123456789abcdef_n1",
        "p1_0_1_0123456789abcdef_n1_n1", "{0}", "%00", "null", "-1", "0123456789abcdef.00000000.1",
    ];

    [Theory]
    [MemberData(nameof(BadEventIds))]
    public async Task An_invalid_Last_Event_ID_is_refused(string id)
    {
        foreach (var url in Instances.Urls)
        {
            using var resumed = await TheAttacker.GetAsync(url, id);
            Assert.Equal(HttpStatusCode.BadRequest, resumed.StatusCode);
        }
    }

    public static TheoryData<string> ForgedEventIds =>
    [
        "p1_0_0_0123456789abcdef_n1", "p1_0_0_{A}_n1", "p1_0_0_{B}_n1", "p1_0_9223372036854775807_{A}_n1",
        "p1_9223372036854775807_0_{B}_n1", "p1x{A}_0_0_{A}_s61", "p1x{A}_0_0_{A}_",
        "p1_0_0_{A}_n-9223372036854775808", "p1_0_0_{A}_sfffe", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz_0_0_{A}_n1",
    ];

    [Theory]
    [MemberData(nameof(ForgedEventIds))]
    public async Task A_forged_event_id_is_refused_without_a_storage_transaction(string pattern)
    {
        var id = pattern.Replace("{A}", Instances.Service<FleetMembership>(0).Id).Replace("{B}", Instances.Service<FleetMembership>(1).Id);
        foreach (var url in Instances.Urls)
        {
            Store.Forget();
            using var resumed = await TheAttacker.GetAsync(url, id);
            Assert.Equal(HttpStatusCode.BadRequest, resumed.StatusCode);
            Assert.DoesNotContain(
                Store.Requests, static request => request.EndsWith(EventRows.Table, StringComparison.Ordinal) || request == "INSERT Inbox");
        }
    }

    [Theory]
    [InlineData(0, "p1x0")]
    [InlineData(3, "0123456789abcdef")]
    [InlineData(4, "n2")]
    public async Task An_altered_event_id_is_refused(int part, string altered)
    {
        using var call = await TheAttacker.CallAsync(A, 1, "count", """{"n":3,"pauseMs":50}""");
        var parts = (await ReadAsync(call).FirstAsync(static each => each.Id is not null, Cancellation)).Id!.Split('_');
        // The checksum stays.
        parts[part] = part == 0 ? altered + parts[0][parts[0].LastIndexOf('x')..] : altered;

        foreach (var url in Instances.Urls)
        {
            using var resumed = await TheAttacker.GetAsync(url, string.Join('_', parts));
            Assert.Equal(HttpStatusCode.BadRequest, resumed.StatusCode);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_resume_after_an_event_that_was_never_sent_does_not_wait_forever(int instance)
    {
        using var call = await TheAttacker.CallAsync(A, 1, "count", """{"n":3,"pauseMs":50}""");
        var id = (await ReadAsync(call).FirstAsync(static each => each.Id is not null, Cancellation)).Id!;
        var parts = id.Split('_');
        parts[2] = "99999";
        using var resumed = await TheAttacker.GetAsync(Instances.Urls[instance], string.Join('_', parts));
        Assert.DoesNotContain("\"result\"", await resumed.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stream_of_another_caller_is_neither_read_nor_ended()
    {
        using var stream = await TheVictim.GetAsync(A);
        await using var events = ReadAsync(stream).GetAsyncEnumerator(Cancellation);
        await events.MoveNextAsync();
        using var thief = new WireClient { Caller = Attacker, Session = TheVictim.Session };
        foreach (var url in Instances.Urls)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await thief.GetAsync(url)).StatusCode);
        }

        await RaiseAsync(TheVictim, "still mine");
        await events.MoveNextAsync();
        Assert.Equal("still mine", events.Current.Message?["params"]?["data"]?.GetValue<string>());
    }

    private async Task RaiseAsync(WireClient client, string data)
    {
        Assert.True(Instances.Service<LiveSessions>(0).TryGet(Inner(client.Session!), out var session));
        await session.Server.SendMessageAsync(
            new JsonRpcNotification { Method = "notifications/message", Params = new JsonObject { ["level"] = "info", ["data"] = data } },
            Cancellation);
    }
}
