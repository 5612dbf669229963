using RemoteMcp.EndToEnd.Azurite;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet.Chaos;

/// <summary>
/// Runs clients with and without sessions while instances are killed and replaced every few seconds. To run only this class: <c>dotnet run
/// --project tests/RemoteMcp.EndToEnd -- -class "*ChaosTests" -showLiveOutput</c>. The environment variable <c>REMOTE_MCP_CHAOS_SECONDS</c>
/// sets the duration: 30 by default, at most 60.
/// </summary>
[Collection(nameof(NonParallel))]
[Trait("Category", "Chaos")]
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Clients = 50;
    private static readonly TimeSpan s_killEvery = TimeSpan.FromSeconds(5);

    private static TimeSpan Duration { get; } = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("REMOTE_MCP_CHAOS_SECONDS"), out var seconds) ? Math.Clamp(seconds, 10, 60) : 30);

    [Fact]
    public async Task Killed_instances_cause_no_lost_session_wrong_answer_or_hanging_call()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var azurite = await AzuriteProcess.StartAsync();
        await using var fleet = await FleetFixture.OfFixturesAsync(azurite, cancellation);
        var report = new ChaosReport();
        using var over = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(number => number % 2 == 0
            ? (IChaosClient)new SessionChaosClient(fleet.Endpoint, report, cancellation)
            : new StatelessChaosClient(fleet.Endpoint, report, cancellation)).ToArray();

        over.CancelAfter(Duration);
        var working = Task.WhenAll(clients.Select(client => client.WorkAsync(over.Token)));
        await KillAsync(fleet, report, over.Token, cancellation);
        await working;
        await Task.WhenAll(clients.Select(static client => client.LastAsync()));

        output.WriteLine(report.ToString());
        Assert.True(report.Kills > 0, "Nothing was killed.");
        Assert.True(report[Outcome.AnsweredAfterResume] > 0, "Nothing was resumed.");
        report.AssertNoForbiddenOutcome();
    }

    private static async Task KillAsync(FleetFixture fleet, ChaosReport report, CancellationToken over, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_killEvery);
        var starting = new List<Task>();
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                // On slow machines, the new instances may not accept requests yet. At least one instance has to.
                if (fleet.Instances is { Count: > 1 } instances)
                {
                    report.AddKill();
                    await fleet.KillAsync(instances[0]);
                    starting.Add(fleet.AddAsync(cancellation));
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }

        await Task.WhenAll(starting);
    }
}
