using System.Net;
using System.Text.Json.Nodes;
using RemoteMcp.Fleet;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions.Hostile;

/// <summary>
/// Tests forged answers for an instance without a lease. The sender waits until the delivery timeout, because the instance may take a lease
/// again.
/// </summary>
public sealed class DeadInstanceAnswerTests : HostileSessions
{
    private protected override string DeliveryTimeout => "00:00:01";

    [Theory]
    [InlineData("0123456789abcdef.00000000.1")]
    [InlineData("{B}.00000000.1")]
    [InlineData("{B}.{nonce}.1")]
    public async Task An_answer_for_an_unreachable_instance_reaches_no_call(string pattern)
    {
        using var call = await TheVictim.CallAsync(A, 1, "ask", """{"question":"?"}""");
        var events = ReadAsync(call).GetAsyncEnumerator(Cancellation);
        var prompt = await PromptAsync(events);
        var id = pattern
            .Replace("{B}", Instances.Service<FleetMembership>(1).Id)
            .Replace("{nonce}", prompt["id"]!.GetValue<string>().Split('.')[1]);
        var forged = new JsonObject { ["id"] = id };
        foreach (var client in new[] { TheVictim, TheAttacker })
        {
            foreach (var url in Instances.Urls)
            {
                Assert.Equal(HttpStatusCode.BadRequest, await client.AnswerPromptAsync(url, forged, "forged"));
            }
        }

        // On the instance that runs the call, no message is relayed, so no timeout applies.
        Assert.Equal(HttpStatusCode.Accepted, await TheVictim.AnswerPromptAsync(A, prompt, "real"));
        Assert.Equal("? -> real", await TextOfAnswerAsync(events, 1));
    }
}
