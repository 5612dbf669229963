using RemoteMcp.EndToEnd.Fleet;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Conformance;

/// <summary>Runs the official MCP conformance suite without a list of expected failures.</summary>
public sealed class ConformanceTests(StartedServers servers, StartedFleets fleets)
{
    public static TheoryData<string, int> Requirements => new() { { "2025-11-25", 30 }, { "2026-07-28", 37 } };

    [Theory, MemberData(nameof(Requirements))]
    public async Task Every_scenario_that_the_revision_requires_passes(string revision, int required) =>
        await ConformanceRun.AssertPassesAsync((await servers.ConformanceAsync()).Endpoint, "one server", revision, required);

    [Theory, MemberData(nameof(Requirements))]
    public async Task Required_scenarios_pass_when_each_request_reaches_another_instance(string revision, int required) =>
        await ConformanceRun.AssertPassesAsync(
            (await fleets.FixturesAsync()).Endpoint, $"{FleetFixture.Size} instances", revision, required);
}
