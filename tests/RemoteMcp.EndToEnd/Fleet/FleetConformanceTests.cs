using RemoteMcp.EndToEnd.Conformance;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>The official referee, who does not know that every request of his reaches another instance.</summary>
public sealed class FleetConformanceTests(StartedFleets fleets, ITestOutputHelper output)
{
    [Theory]
    [InlineData("2025-11-25", 30)]
    [InlineData("2026-07-28", 37)]
    public async Task Every_scenario_that_the_revision_requires_passes_through_the_round_robin(string revision, int required)
    {
        var fleet = await fleets.FixturesAsync();

        var run = await ConformanceRun.RunAsync(fleet.Endpoint, revision, TestContext.Current.CancellationToken);

        output.WriteLine(run.Summary);
        Assert.Empty(run.Required.SelectMany(scenario => scenario.Failures.Select(failure => $"{scenario.Name}: {failure}")));
        Assert.Equal(required, run.Required.Count);
        Assert.Equal(0, run.Result.ExitCode);
    }
}
