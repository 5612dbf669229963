using System.Net;
using RemoteMcp.EndToEnd.Fleet.Chaos;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet.Faults;

/// <summary>
/// Tests what clients of a fleet see while its storage is slow, breaks connections, throttles, fails, and is down. A fixed seed selects the
/// fault of each request.
/// </summary>
[Collection(nameof(NonParallel))]
public sealed class StorageFaultTests(FaultyFleet fleet, ITestOutputHelper output) : IClassFixture<FaultyFleet>, IAsyncLifetime
{
    private const int Clients = 24;
    private const int MinRequestsPerFault = 20;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    // Each phase starts a new random sequence.
    private static FaultSchedule[] Phases =>
    [
        new("slow", 100, Fault.SlowAnswer),
        new("broken connections", 25, Fault.LostRequest, Fault.LostAnswer),
        new("refused requests", 40, Fault.Throttled, Fault.Failed),
        FaultSchedule.Down,
        new("all faults", 30, Fault.SlowAnswer, Fault.LateAnswer, Fault.LostAnswer, Fault.LostRequest, Fault.Throttled, Fault.Failed),
    ];

    public ValueTask InitializeAsync()
    {
        _limit.CancelAfter(s_limit);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        fleet.Storage.Schedule = FaultSchedule.None;
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Storage_faults_cause_no_lost_session_wrong_answer_or_failed_stateless_call()
    {
        var (sessions, stateless) = (new ChaosReport(), new ChaosReport());
        using var over = new CancellationTokenSource();
        IChaosClient[] sessionClients = [.. Enumerable.Range(0, Clients / 2)
            .Select(_ => new SessionChaosClient(fleet.Instances.Endpoint, sessions, _limit.Token))];
        IChaosClient[] statelessClients = [.. Enumerable.Range(0, Clients / 2)
            .Select(_ => new StatelessChaosClient(fleet.Instances.Endpoint, stateless, _limit.Token))];

        var working = Task.WhenAll(sessionClients.Concat(statelessClients).Select(client => client.WorkAsync(over.Token)));
        foreach (var phase in Phases)
        {
            fleet.Storage.Schedule = phase;
            await Eventually.IsTrueAsync(() => phase.SelectedEach(MinRequestsPerFault));
        }

        fleet.Storage.Schedule = FaultSchedule.None;
        await over.CancelAsync();
        await working;
        await fleet.UntilReadyAsync(true, _limit.Token);
        var before = sessions[Outcome.Answered];
        await Task.WhenAll(sessionClients.Select(static client => client.LastAsync()));

        var counts = fleet.Storage.FaultCounts.OrderBy(static count => count.Key).Select(static count => $"{count.Value} {count.Key}");
        output.WriteLine($"{sessions}\n\n{stateless}\n\nrequests to the storage: {string.Join(", ", counts)}");
        sessions.AssertNoForbiddenOutcome();
        Assert.Equal(0, sessions[Outcome.Disconnected]);
        Assert.Equal(stateless.Calls, stateless[Outcome.Answered]);
        Assert.Equal(before + sessionClients.Length, sessions[Outcome.Answered]);
        Assert.All(Enum.GetValues<Fault>(), fault => Assert.True(fleet.Storage.FaultCounts.ContainsKey(fault), $"No request met {fault}."));
    }

    [Fact]
    public async Task Storage_outage_fails_only_calls_that_need_storage_and_they_get_Retry_After()
    {
        using var client = new FleetClient(fleet.Instances.Endpoint, _limit.Token);
        var (a, b) = (fleet.Instances.Instances[0], fleet.Instances.Instances[1]);
        await fleet.UntilReadyAsync(true, _limit.Token);
        await client.InitializeAsync(a);

        fleet.Storage.Schedule = FaultSchedule.Down;
        await fleet.UntilReadyAsync(false, _limit.Token);

        var stateless = new ChaosReport();
        var statelessClient = new StatelessChaosClient(fleet.Instances.Endpoint, stateless, _limit.Token);
        foreach (var _ in fleet.Instances.Instances)
        {
            await statelessClient.LastAsync();
        }

        Assert.Equal(stateless.Calls, stateless[Outcome.Answered]);
        Assert.Equal("in memory", await client.TextAsync(a, 1, "echo", """{"text":"in memory"}"""));
        await AssertRetryLaterAsync(client.CallAsync(b, 2, "echo", """{"text":"only the row knows"}"""));
        await AssertRetryLaterAsync(client.GetAsync(a));
        await AssertRetryLaterAsync(client.DeleteAsync(a));
        using (var newcomer = new FleetClient(fleet.Instances.Endpoint, _limit.Token))
        {
            await AssertRetryLaterAsync(newcomer.PostAsync(b, FleetClient.Initialize));
        }

        fleet.Storage.Schedule = FaultSchedule.None;
        await fleet.UntilReadyAsync(true, _limit.Token);
        Assert.Equal("back", await client.TextAsync(b, 3, "echo", """{"text":"back"}"""));
        using var deleted = await client.DeleteAsync(b);
        Assert.True(deleted.IsSuccessStatusCode);
        // An instance whose lease has expired reads the row. It waits at most one second for the response.
        await Eventually.IsTrueAsync(async () =>
        {
            using var gone = await client.CallAsync(a, 4, "echo", """{"text":"x"}""");
            return gone.StatusCode == HttpStatusCode.NotFound;
        });
    }

    private async Task AssertRetryLaterAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var (outcome, detail) = await Refusal.JudgeAsync(response, _limit.Token);
        Assert.True(outcome == Outcome.FailedClearly, detail);
    }
}
