using System.Net;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Hostile;

/// <summary>Tests session ids that are made up, altered, stolen, or expired, or whose session has ended.</summary>
public sealed class HostileSessionIdTests : HostileSessions
{
    public static TheoryData<string> AlteredIds =>
    [
        "guessed", "guessed.guessed", ".", "..", ".AAAAAAAAAAAAAAAA", "{id}.", "{id}", "{id}.AAAAAAAAAAAAAAAA",
        "{signed-last}", "{signed}A", "A{signed}", "{SIGNED}", "{signed}.{sum}", "{id}.{sum}=", "{id}..{sum}",
        "../{signed}", "{signed}%00", "{signed};{signed}", "{signed} {signed}", "\"{signed}\"",
        "{id-last}.{sum}", "{id}x.{sum}", "get.{sum}", "session.{sum}",
    ];

    [Theory]
    [MemberData(nameof(AlteredIds))]
    public async Task A_forged_session_id_is_unknown_and_costs_no_transactions(string pattern)
    {
        await LearnSecretAsync(B);
        var signed = TheAttacker.Session!;
        var (id, sum) = (Inner(signed), signed[(signed.LastIndexOf('.') + 1)..]);
        TheAttacker.Session = pattern
            .Replace("{signed-last}", signed[..^1]).Replace("{signed}", signed).Replace("{SIGNED}", signed.ToUpperInvariant())
            .Replace("{id-last}", id[..^1]).Replace("{id}", id).Replace("{sum}", sum);
        await AssertUnknownWithoutRequestsAsync(TheAttacker);
    }

    [Theory]
    [InlineData(Attacker)]
    [InlineData("other/victim/app")]
    [InlineData("tenant/victim/other")]
    [InlineData("tenant/VICTIM/app")]
    [InlineData(null)]
    public async Task The_session_of_another_caller_is_unknown_and_costs_no_transactions(string? caller)
    {
        await LearnSecretAsync(B);
        using var thief = new WireClient { Caller = caller, Session = TheVictim.Session };
        await AssertUnknownWithoutRequestsAsync(thief);
        Assert.Equal("mine", await TheVictim.TextAsync(A, 90, "echo", """{"text":"mine"}"""));
    }

    [Theory]
    [InlineData("//")]
    [InlineData("tenant//victimapp")]
    public async Task A_caller_whose_token_identifies_nobody_is_refused(string caller)
    {
        using var thief = new WireClient { Caller = caller, Session = TheVictim.Session };

        using var response = await thief.CallAsync(A, 1, "echo", """{"text":"x"}""");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("does not identify the caller", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_in_caller_cannot_use_an_anonymous_session()
    {
        using var anonymous = new WireClient();
        await anonymous.InitializeAsync(A);
        await LearnSecretAsync(B);
        using var thief = new WireClient { Caller = Attacker, Session = anonymous.Session };
        await AssertUnknownWithoutRequestsAsync(thief);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_session_that_was_ended_stays_ended(int instance)
    {
        Assert.Equal("x", await TheVictim.TextAsync(B, 1, "echo", """{"text":"x"}"""));
        await TheVictim.DeleteAsync(A);
        Assert.Equal(HttpStatusCode.NotFound, (await TheVictim.CallAsync(Instances.Urls[instance], 2, "echo")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TheVictim.GetAsync(Instances.Urls[instance])).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TheVictim.DeleteAsync(Instances.Urls[instance])).StatusCode);
    }

    [Fact]
    public async Task An_expired_session_is_unknown_and_leaves_memory()
    {
        var storeTime = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var fleet = await InProcessFleet.StartAsync(
            2, new MemoryStateStore(storeTime), Cancellation,
            ("RemoteMcp:Sessions:TouchInterval", "00:00:00"), ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"));
        using var client = new WireClient();
        await client.InitializeAsync(fleet.Urls[0]);
        storeTime.Advance(TimeSpan.FromHours(25));
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync(fleet.Urls[1], 1, "echo")).StatusCode);
        // An instance that has the session in memory notices the expiry when it next records the use of the session.
        using var last = await client.CallAsync(fleet.Urls[0], 2, "echo", """{"text":"x"}""");
        await Eventually.IsTrueAsync(() => !fleet.Service<LiveSessions>(0).TryGet(Inner(client.Session!), out _));
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync(fleet.Urls[0], 3, "echo")).StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_replayed_initialize_changes_nothing(int instance)
    {
        using var again = await TheVictim.PostAsync(Instances.Urls[instance], Initialize("{}"));
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        using var call = await TheVictim.CallAsync(B, 1, "ask", """{"question":"?"}""");
        Assert.Equal("elicitation/create", (await PromptAsync(call))["method"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_session_of_another_caller_cannot_be_ended(int instance)
    {
        using var thief = new WireClient { Caller = Attacker, Session = TheVictim.Session };
        Assert.Equal(HttpStatusCode.NotFound, (await thief.DeleteAsync(Instances.Urls[instance])).StatusCode);
        Assert.Equal("alive", await TheVictim.TextAsync(A, 1, "echo", """{"text":"alive"}"""));
    }

    private async Task AssertUnknownWithoutRequestsAsync(WireClient client)
    {
        var before = CountRequests();
        foreach (var url in Instances.Urls)
        {
            using var post = await client.CallAsync(url, 1, "echo", """{"text":"x"}""");
            using var get = await client.GetAsync(url);
            using var resume = await client.GetAsync(url, "get_1_1__");
            using var delete = await client.DeleteAsync(url);
            foreach (var response in new[] { post, get, resume, delete })
            {
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
                Assert.False(response.Headers.Contains("Mcp-Session-Id"));
                Assert.Contains("-32001", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            }
        }

        Assert.Equal(before, CountRequests());
    }

    // Lease renewals, inbox reads, and the events of the setup's responses are independent of the request, so they are not counted.
    private int CountRequests() =>
        Store.Requests.Count(static request =>
            request is not ("QUERY Inbox" or "REPLACE Instances" or "INSERT Instances" or "COMMIT Events"));

    private static async Task LearnSecretAsync(Uri url)
    {
        using var other = new WireClient { Session = "made.up" };
        Assert.Equal(HttpStatusCode.NotFound, (await other.CallAsync(url, 1, "echo")).StatusCode);
    }
}
