using System.Text;
using Microsoft.AspNetCore.Http;
using RemoteMcp.Fleet;
using RemoteMcp.Protocol;
using RemoteMcp.Sessions;
using Xunit;

namespace RemoteMcp.Tests.Sessions.Relay;

/// <summary>Tests what a client gets if it is not known whether another instance has handled its message.</summary>
public sealed class RelayResultTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"a.b.1","result":{"action":"accept"}}""", "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"act"}}""", "")]
    public async Task Only_an_answer_may_be_sent_again_without_a_check(string message, string retryAfter)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        context.Features.Set(JsonRpcEnvelope.Read(Encoding.UTF8.GetBytes(message), ProtocolEra.Sessions));

        await AnswerRouting.WriteResultAsync(context, Delivery.Unknown);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, context.Response.StatusCode);
        Assert.Equal(retryAfter, context.Response.Headers.RetryAfter.ToString());
    }
}
