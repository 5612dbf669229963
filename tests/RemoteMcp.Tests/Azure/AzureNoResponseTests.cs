using RemoteMcp.Emulators.Azure;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Azure;

/// <summary>Tests the progress and the error of a call to which Azure does not respond.</summary>
[Collection(nameof(NonParallel))]
public sealed class AzureSilenceTests : AzureSignIn
{
    protected override IReadOnlyDictionary<string, string?> Settings => AzureSettings(("QueryTimeout", "00:00:10"));

    [Fact]
    public async Task Unanswered_query_reports_progress_until_the_time_limit()
    {
        Cloud.Fail(AzureFault.Silent, times: 5);
        var call = Messages.StatelessRequest("tools/call", "\"name\":\"query_logs\",\"arguments\":{\"query\":\"AppRequests\"},")
            .Replace("\"_meta\":{", "\"_meta\":{\"progressToken\":\"p\",", StringComparison.Ordinal);
        using var request = Messages.PostStateless(call).WithToken(Token(("scp", "Mcp.Use Azure.Read")));

        using var response = await Server.Client.SendAsync(request, Cancelled);

        var stream = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.Contains(
            "Waiting for Log Analytics",
            stream[..stream.IndexOf("did not respond within 10 s", StringComparison.Ordinal)],
            StringComparison.Ordinal);
    }
}
