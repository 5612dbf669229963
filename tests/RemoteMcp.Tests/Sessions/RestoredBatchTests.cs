using System.Net;
using RemoteMcp.Testing.Http;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests that an instance that restored a session knows whether the session may send batches.</summary>
public sealed class RestoredBatchTests
{
    [Theory]
    [InlineData("2025-03-26", HttpStatusCode.OK)]
    [InlineData("2025-11-25", HttpStatusCode.BadRequest)]
    public async Task Batches_without_the_version_header_are_judged_by_the_row(string revision, HttpStatusCode expected)
    {
        await using var fleet = await InProcessFleet.StartAsync(2, Cancellation);
        using var first = new HttpClient { BaseAddress = fleet.Urls[0] };
        using var second = new HttpClient { BaseAddress = fleet.Urls[1] };
        var session = await first.InitializeAsync(revision);

        // The second instance restores the session before it gets a batch.
        using var ping = Messages.Post("""{"jsonrpc":"2.0","id":0,"method":"ping"}""", session);
        using var restored = await second.SendAsync(ping, Cancellation);
        Assert.Equal(HttpStatusCode.OK, restored.StatusCode);
        for (var i = 0; i < 2; i++)
        {
            using var request = Messages.Post(
                """[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]""", session);
            using var response = await second.SendAsync(request, Cancellation);

            Assert.Equal(expected, response.StatusCode);
        }
    }
}
