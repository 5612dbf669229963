using RemoteMcp.EndToEnd.Conformance;
using RemoteMcp.EndToEnd.Fleet;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>Runs the official MCP conformance suite against the Functions worker.</summary>
public sealed class FunctionsConformanceTests(FunctionsApp app, StartedFleets fleets)
{
    public static TheoryData<string, int> Requirements => ConformanceTests.Requirements;

    [Theory, MemberData(nameof(Requirements))]
    public async Task Required_scenarios_pass_on_one_worker(string revision, int required) =>
        await ConformanceRun.AssertPassesAsync((await app.FixturesAsync()).Endpoint, "one Functions worker", revision, required);

    [Theory, MemberData(nameof(Requirements))]
    public async Task Required_scenarios_pass_on_two_workers_in_turn(string revision, int required) =>
        await ConformanceRun.AssertPassesAsync(
            (await fleets.FixturesAsync(FleetKind.Functions)).Endpoint,
            $"{FleetFixture.FunctionsSize} Functions workers",
            revision,
            required);
}
