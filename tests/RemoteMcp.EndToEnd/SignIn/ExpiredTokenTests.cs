using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>
/// Access tokens of Entra ID expire after an hour, but sessions last longer. Tests that a client that signs in at Entra ID gets a new token
/// when the server reports an expired token, and that it continues its session.
/// </summary>
public sealed class ExpiredTokenTests(StartedServers servers)
{
    private static readonly string s_call = JsonSerializer.Serialize(new { name = "list_directory", arguments = new { path = "notes" } });

    // The server accepts tokens for this time after they expire, because clocks differ.
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(5);

    /// <remarks>
    /// The clock of the emulator is slow, so the server accepts the first token for only twenty more seconds. The client received a
    /// lifetime of one hour. The TypeScript SDK 1.x does not request <c>offline_access</c>, so Entra ID issues no refresh token. The client
    /// therefore opens a browser again, where the user is still signed in.
    /// </remarks>
    [Theory]
    [InlineData("2", 1, false)]
    [InlineData("1", 2, true)]
    public async Task Client_renews_its_token_between_calls(string sdk, int pages, bool hasSession)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await EntraServer.StartAsync(servers.Folder.Path, cancellation, EntraServer.Direct);
        var late = TimeSpan.FromHours(1) + s_clockSkew - TimeSpan.FromSeconds(20);
        server.Emulator.Clock.Advance(-late);
        var setClockRight = new Uri(server.Emulator.Addresses.Entra, $"emulator/clock?advanceSeconds={late.TotalSeconds}");

        var result = await NodeClient.RunAsync(
            "expiring.mjs",
            [sdk, server.Endpoint.ToString(), SignedInClientTests.SignInArgument(sendResource: false), s_call, setClockRight.ToString()],
            server.NodeTrust,
            cancellation);

        Assert.True(result.ExitCode == 0, result.Error);
        var seen = JsonElement.Parse(result.Output);
        Assert.Contains("hello.txt", seen.GetProperty("withFirst").GetString(), StringComparison.Ordinal);
        Assert.Contains("hello.txt", seen.GetProperty("withSecond").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, seen.GetProperty("tokens").GetInt32());
        Assert.Equal(pages, seen.GetProperty("pages").GetInt32());
        Assert.Equal(hasSession, seen.GetProperty("session").ValueKind == JsonValueKind.String);
        Assert.True(seen.GetProperty("keptItsSession").GetBoolean());
        // The client renewed its token because the server refused it.
        Assert.Contains("401 invalid token: expired (IDX10223)", server.Log, StringComparison.Ordinal);
    }
}
