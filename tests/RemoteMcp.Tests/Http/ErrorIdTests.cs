using System.Net;
using System.Text.Json.Nodes;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

/// <summary>
/// Tests that an error has the id of its request, that it has no id if there is none, and that its id is null in a batch.
/// </summary>
public sealed class ErrorIdTests
{
    private const string NoMethod = """{"jsonrpc":"2.0","id":1}""";

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", "2026-07-28", null)]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", "2026-07-28", null)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"ping"}""", "2027-03-01", 7)]
    [InlineData(NoMethod, null, 1)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"ping","error":{}}""", null, 7)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}""", null, 7)]
    public async Task Error_has_the_id_of_its_request_or_no_id(string body, string? revision = null, int? id = null)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Messages.Post(body);
        if (revision is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", revision);
        }

        var error = await ErrorAsync(host, request);

        // A request with an id that the SDK refuses has its id too.
        Assert.Equal(id ?? (body.Contains("\"id\":1,", StringComparison.Ordinal) ? 1 : null), (int?)error["id"]);
        Assert.Equal(error["id"] is not null, error.ContainsKey("id"));
    }

    [Fact]
    public async Task Unacceptable_request_gets_an_error_with_its_id()
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = Messages.Post(Messages.Initialize());
        request.Headers.Accept.Clear();
        request.Headers.Add("Accept", "application/json");

        Assert.NotNull((await ErrorAsync(host, request, HttpStatusCode.NotAcceptable))["id"]);
    }

    [Theory]
    [InlineData("GET", null, 400)]
    [InlineData("GET", "2026-07-28", 405)]
    [InlineData("GET", "2027-03-01", 400)]
    [InlineData("DELETE", null, 400)]
    [InlineData("DELETE", "2026-07-28", 405)]
    [InlineData("PUT", null, 405)]
    public async Task Error_of_a_request_without_a_message_has_no_id(string method, string? revision, int status)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");
        request.Headers.Add("Accept", "text/event-stream");
        if (revision is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", revision);
        }

        Assert.False((await ErrorAsync(host, request, (HttpStatusCode)status)).ContainsKey("id"));
    }

    [Fact]
    public async Task Error_in_a_batch_has_the_id_null()
    {
        await using var host = await TestServerHost.StartAsync();
        var session = await host.Client.InitializeAsync("2025-03-26");
        using var request = Messages.Post($"[1,{Messages.ListTools}]", session);

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"id\":null", text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static async Task<JsonObject> ErrorAsync(
        TestServerHost host, HttpRequestMessage request, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        var body = (JsonObject)(await response.ReadMessageAsync())!;
        Assert.NotNull(body["error"]!["code"]);
        return body;
    }
}
