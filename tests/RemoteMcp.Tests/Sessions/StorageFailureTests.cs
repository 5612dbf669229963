using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Http;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>
/// Tests that every request that needs the state storage gets the same error while the storage does not respond, whichever part of the
/// server or of the SDK processes the request.
/// </summary>
public sealed class StorageFailureTests : IAsyncLifetime
{
    private const string Message = "The server's state storage does not answer; try again later.";
    private static readonly StateKey s_key = new("Storage", "partition", "row");

    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly WireClient _client = new();
    private InProcessFleet _fleet = null!;

    private Uri Url => _fleet.Urls[0];

    public async ValueTask InitializeAsync()
    {
        _fleet = await InProcessFleet.StartAsync(
            1,
            _store,
            services => services.AddMcpServer()
                .WithTools([McpServerTool.Create(ReadAsync, new() { Name = "reads" })])
                .WithPrompts([McpServerPrompt.Create(ReadAsync, new() { Name = "reads" })])
                .WithResources([McpServerResource.Create(ReadAsync, new() { Name = "reads", UriTemplate = "test://reads" })])
                .WithCompleteHandler(async (_, cancellationToken) =>
                {
                    await _store.FindAsync(s_key, cancellationToken);
                    return new CompleteResult();
                })
                .WithSubscribeToResourcesHandler(static (_, _) => ValueTask.FromResult(new EmptyResult()))
                .WithUnsubscribeFromResourcesHandler(static (_, _) => ValueTask.FromResult(new EmptyResult())),
            Cancellation,
            ("RemoteMcp:Http:ShutdownGrace", "00:00:00.2"));
        await _client.InitializeAsync(Url);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Before = null;
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Theory]
    [InlineData("logging/setLevel", """{"level":"error"}""")]
    [InlineData("resources/subscribe", """{"uri":"test://a"}""")]
    [InlineData("resources/unsubscribe", """{"uri":"test://a"}""")]
    public async Task Request_that_changes_the_session_gets_503(string method, string parameters)
    {
        _store.IsDown = true;

        using var response = await _client.PostAsync(Url, Request(method, parameters));

        await AssertUnavailableAsync(response);
        _store.IsDown = false;
        using var again = await _client.PostAsync(Url, Request(method, parameters));
        Assert.NotNull((await AnswerAsync(again, 1))["result"]);
    }

    [Theory]
    [InlineData("tools/call", """{"name":"reads"}""")]
    [InlineData("prompts/get", """{"name":"reads"}""")]
    [InlineData("resources/read", """{"uri":"test://reads"}""")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/resource","uri":"test://reads"},"argument":{"name":"a","value":""}}""")]
    public async Task Handler_of_a_session_that_needs_storage_gets_an_error_event_with_the_message(string method, string parameters)
    {
        _store.IsDown = true;

        using var response = await _client.PostAsync(Url, Request(method, parameters));

        // The first event of the stream, from which a client resumes, was sent before.
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var error = (await AnswerAsync(response, 1))["error"];
        Assert.Equal(-32603, (int?)error?["code"]);
        Assert.Equal(Message, (string?)error?["message"]);
    }

    [Theory]
    [InlineData("tools/call", "\"name\":\"reads\",")]
    [InlineData("prompts/get", "\"name\":\"reads\",")]
    [InlineData("resources/read", "\"uri\":\"test://reads\",")]
    [InlineData(
        "completion/complete",
        "\"ref\":{\"type\":\"ref/resource\",\"uri\":\"test://reads\"},\"argument\":{\"name\":\"a\",\"value\":\"\"},")]
    public async Task Stateless_request_that_needs_storage_gets_503(string method, string fields)
    {
        _store.IsDown = true;
        using var http = new HttpClient { BaseAddress = Url };
        using var request = Messages.PostStateless(Messages.StatelessRequest(method, fields));
        if (method == "resources/read")
        {
            request.Headers.Add("Mcp-Name", "test://reads");
        }

        using var response = await http.SendAsync(request, Cancellation);

        await AssertUnavailableAsync(response);
    }

    [Fact]
    public async Task Session_requests_without_a_handler_get_503()
    {
        _store.IsDown = true;

        await AssertUnavailableAsync(await _client.DeleteAsync(Url));
        await AssertUnavailableAsync(await _client.GetAsync(Url));
        using var initializing = new WireClient();
        await AssertUnavailableAsync(await initializing.PostAsync(Url, Messages.Initialize()));
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        await _store.FindAsync(s_key, cancellationToken);
        return "read";
    }

    private static string Request(string method, string parameters) =>
        $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""";

    private static async Task AssertUnavailableAsync(HttpResponseMessage response)
    {
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Message, (string?)body?["error"]?["message"]);
        response.Dispose();
    }
}
