using RemoteMcp.Emulators.Azure;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Azure;

/// <summary>What people see while Azure says nothing, and at the end.</summary>
[Collection(nameof(AloneInProcess))]
public sealed class AzureSilenceTests : AzureSignIn
{
    protected override IReadOnlyDictionary<string, string?> Settings => AzureSettings(("QueryTimeout", "00:00:10"));

    [Fact]
    public async Task Silence_ends_with_the_servers_patience_and_until_then_the_client_sees_the_call_at_work()
    {
        Cloud.Fail(AzureFault.Silent, times: 5);
        using var request = Messages.PostStateless(Messages.StatelessRequest("tools/call", "\"name\":\"query_logs\",\"arguments\":{\"query\":\"AppRequests\"},")
            .Replace("\"_meta\":{", "\"_meta\":{\"progressToken\":\"p\",", StringComparison.Ordinal)).WithToken(Token(("scp", "Mcp.Use Azure.Read")));

        using var response = await Server.Client.SendAsync(request, Cancelled);

        var stream = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("Waiting for Log Analytics", stream[..stream.IndexOf("did not answer within 10 s", StringComparison.Ordinal)], StringComparison.Ordinal);
    }
}
