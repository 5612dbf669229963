using System.Net;
using System.Text.Json.Nodes;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth.Permissions;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth;

/// <summary>
/// Tests that a caller (tenant, user, and client app) cannot access the sessions and messages of another caller, with tokens as Entra
/// issues them.
/// </summary>
public sealed class CallerIsolationTests : GuardedServer
{
    private const string ElicitationCapability = """{"elicitation":{}}""";

    // The victim is Adele with the desktop client.
    public static TheoryData<string> OtherCallers => ["another user", "the same user by another client app", "an app"];

    [Theory]
    [MemberData(nameof(OtherCallers))]
    public async Task Session_of_another_caller_gets_404(string otherCaller)
    {
        var session = await BeginSessionAsync(WithScopes());
        using var call = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"mine"}"""), session), TokenOf(otherCaller));
        using var get = await SendAsync(Messages.Get(session), TokenOf(otherCaller));
        using var end = new HttpRequestMessage(HttpMethod.Delete, "/mcp") { Headers = { { "Mcp-Session-Id", session } } };
        using var ended = await SendAsync(end, TokenOf(otherCaller));

        Assert.Equal(
            [HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound],
            [call.StatusCode, get.StatusCode, ended.StatusCode]);
        Assert.Contains(
            "mine",
            (await AnswerAsync(Messages.Post(Messages.Call("echo", """{"text":"mine"}"""), session), WithScopes())).ToJsonString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OtherCallers))]
    public async Task Events_of_another_caller_are_not_replayed(string otherCaller)
    {
        using var call = await SendAsync(
            Messages.Post(Messages.Call("echo", """{"text":"mine"}"""), await BeginSessionAsync(WithScopes())), WithScopes());
        var events = await call.Content.ReadAsStringAsync(Cancelled);
        var id = events.Split('\n').First(static line => line.StartsWith("id: ", StringComparison.Ordinal))[4..].Trim();
        using var resume = Messages.Get(await BeginSessionAsync(TokenOf(otherCaller)));
        resume.Headers.TryAddWithoutValidation("Last-Event-ID", id);
        using var resumed = await SendAsync(resume, TokenOf(otherCaller));

        Assert.DoesNotContain("mine", await resumed.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OtherCallers))]
    public async Task Sealed_state_of_another_caller_is_refused(string otherCaller)
    {
        var prompted = (await AnswerAsync(BurnNotes(null), WithScopes("Files.Write")))["result"]!;
        var state = (string)prompted["requestState"]!;
        using var stolen = await SendAsync(BurnNotes(prompted), TokenOf(otherCaller));

        Assert.NotEmpty(state);
        Assert.True(stolen.StatusCode == HttpStatusCode.Forbidden || (await stolen.ReadMessageAsync())["error"] is not null);
        Assert.Empty(GuardedCode.Calls);
    }

    [Theory]
    [MemberData(nameof(OtherCallers))]
    public async Task Prompt_of_another_caller_cannot_be_answered(string otherCaller)
    {
        var session = await BeginSessionAsync(WithScopes("Files.Write"), ElicitationCapability);
        using var call = await SendAsync(Messages.Post(Messages.Call("asks"), session), WithScopes());
        using var events = await SseReader.OpenAsync(call);
        var prompt = (await events.ReadMessageAsync())["id"]!.ToJsonString();
        var answer = $$$"""{"jsonrpc":"2.0","id":{{{prompt}}},"result":{"action":"ANSWER"} }""";
        using var inSessionOfVictim = await SendAsync(
            Messages.Post(answer.Replace("ANSWER", "accept", StringComparison.Ordinal), session), TokenOf(otherCaller));
        using var inOwnSession = await SendAsync(
            Messages.Post(
                answer.Replace("ANSWER", "accept", StringComparison.Ordinal),
                await BeginSessionAsync(TokenOf(otherCaller), ElicitationCapability)),
            TokenOf(otherCaller));
        using var mine = await SendAsync(
            Messages.Post(answer.Replace("ANSWER", "decline", StringComparison.Ordinal), session), WithScopes());

        Assert.Equal(HttpStatusCode.NotFound, inSessionOfVictim.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, inOwnSession.StatusCode);
        Assert.Contains("decline", (await events.ReadMessageAsync()).ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OtherCallers))]
    public async Task HTTP_SSE_stream_of_another_caller_gets_404(string otherCaller)
    {
        using var get = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse") { Headers = { { "Accept", "text/event-stream" } } };
        using var stream = await SendAsync(get, WithScopes());
        using var events = await SseReader.OpenAsync(stream);
        var endpoint = await events.ReadDataAsync();
        using var stolen = await SendAsync(Messages.Post(Messages.Initialize("2024-11-05"), path: endpoint), TokenOf(otherCaller));

        Assert.Equal(HttpStatusCode.NotFound, stolen.StatusCode);
    }

    private static HttpRequestMessage BurnNotes(JsonNode? prompted)
    {
        var fields = "\"name\":\"burn_notes\",\"arguments\":{},";
        if (prompted is not null)
        {
            var question = prompted["inputRequests"]!.AsObject().Single().Key;
            fields += $$$"""
                "requestState":"{{{prompted["requestState"]}}}",
                "inputResponses":{"{{{question}}}":{"action":"accept","content":{"confirm":true} } },
                """;
        }

        var request = Messages.StatelessRequest("tools/call", fields);
        return Messages.PostStateless(
            request.Replace("clientCapabilities\":{}", "clientCapabilities\":{\"elicitation\":{}}", StringComparison.Ordinal));
    }

    private string TokenOf(string otherCaller) => otherCaller switch
    {
        "another user" => TokenOf(Sample.Megan, Sample.DesktopClient, "Files.Write"),
        "the same user by another client app" => TokenOf(Sample.Adele, Sample.BrowserClient, "Files.Write"),
        _ => AppToken("Mcp.Invoke", "Files.Write.All"),
    };
}
