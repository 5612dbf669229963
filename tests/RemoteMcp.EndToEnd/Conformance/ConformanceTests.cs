using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Conformance;

/// <summary>The official referee of the protocol, without a list of failures that are expected.</summary>
public sealed class ConformanceTests(StartedServers servers, ITestOutputHelper output)
{
    [Theory]
    [InlineData("2025-11-25", 30)]
    [InlineData("2026-07-28", 37)]
    public async Task Every_scenario_that_the_revision_requires_passes(string revision, int required)
    {
        var server = await servers.ConformanceAsync();

        var run = await ConformanceRun.RunAsync(server.Endpoint, revision, TestContext.Current.CancellationToken);

        output.WriteLine(run.Summary);
        output.WriteLine(string.Join('\n', run.NotScored));
        Assert.Equal("", string.Join('\n', run.Required.SelectMany(scenario => scenario.Failures.Select(failure => $"{scenario.Name}: {failure}"))));
        Assert.Equal(required, run.Required.Count);
        Assert.Equal(0, run.Result.ExitCode);
    }
}
