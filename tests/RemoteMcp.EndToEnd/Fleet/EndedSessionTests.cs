using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>
/// What a real client makes of the 404 for an ended session. The specification asks it to initialize again (2025-11-25, Transports,
/// "Session Management"); the TypeScript SDK 1.x leaves that to its application.
/// </summary>
public sealed class EndedSessionTests(StartedFleets fleets)
{
    [Fact]
    public async Task The_TypeScript_1_client_is_told_404_at_each_call_until_its_application_connects_anew()
    {
        var fleet = await fleets.FixturesAsync();

        var result = await NodeClient.RunAsync("typescript-1-session-ended.mjs", [fleet.Endpoint.ToString()], TestContext.Current.CancellationToken);

        Assert.True(result.ExitCode == 0, result.Error);
        var seen = JsonSerializer.Deserialize<Seen>(result.Output, JsonSerializerOptions.Web);
        Assert.Equal(new Seen(Ended: true, Before: "hello", After: "404", Again: "404", KeptItsSession: true, Anew: "hello", HasAnotherSession: true), seen);
    }

    private sealed record Seen(bool Ended, string Before, string After, string Again, bool KeptItsSession, string Anew, bool HasAnotherSession);
}
