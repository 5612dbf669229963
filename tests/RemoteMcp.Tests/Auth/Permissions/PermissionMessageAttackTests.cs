using System.Net;
using System.Text;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Permissions;

/// <summary>Tests messages that try to bypass the permission checks. Their sender has only the server's scope.</summary>
public sealed class PermissionMessageAttackTests : GuardedServer
{
    private const string Ask = "\"argument\":{\"name\":\"about\",\"value\":\"\"}";

    // attack, method, params
    public static TheoryData<string, string, string> Refused => new()
    {
        { "a guessed tool", "tools/call", """ "name":"write_notes" """ },
        { "a tool that is inherited from an open class", "tools/call", """ "name":"open_drawer" """ },
        { "the name of the tool escaped", "tools/call", """ "name":"write\u005fnotes" """ },
        { "the key escaped", "tools/call", """ "\u006eame":"write_notes" """ },
        { "a guessed prompt", "prompts/get", """ "name":"postmortem","arguments":{"about":"a ring"} """ },
        { "a guessed resource", "resources/read", """ "uri":"notes://secret" """ },
        { "a resource percent-encoded", "resources/read", """ "uri":"notes://secret/%61" """ },
        { "a resource with its scheme in capitals", "resources/read", """ "uri":"NOTES://secret" """ },
        { "a resource with its host in capitals", "resources/read", """ "uri":"notes://SECRET" """ },
        { "a resource with a fragment", "resources/read", """ "uri":"notes://secret#public" """ },
        { "a resource of a template", "resources/read", """ "uri":"notes://archive/1" """ },
        { "a resource of an open template that also fits a guarded one", "resources/read", """ "uri":"notes://open/1" """ },
        { "the text of a template", "resources/read", """ "uri":"notes://archive/{name}" """ },
        { "completion of a hidden prompt", "completion/complete", """ "ref":{"type":"ref/prompt","name":"postmortem"}, """ + Ask },
        {
            "completion of a hidden template", "completion/complete",
            """ "ref":{"type":"ref/resource","uri":"notes://archive/{name}"}, """ + Ask
        },
        {
            "completion of a hidden resource", "completion/complete",
            """ "ref":{"type":"ref/resource","uri":"notes://archive/1"}, """ + Ask
        },
        {
            "completion of a prompt disguised as a template", "completion/complete",
            """ "ref":{"type":"ref/resource","name":"greeting","uri":"notes://archive/{name}"}, """ + Ask
        },
        { "subscription to a hidden resource", "resources/subscribe", """ "uri":"notes://secret" """ },
        { "subscription to a resource of a hidden template", "resources/subscribe", """ "uri":"notes://archive/1" """ },
    };

    // Messages that the server's checks and the SDK could interpret differently.
    public static TheoryData<string, string, string> Ambiguous => new()
    {
        { "only a key in different letter case", "tools/call", """ "Name":"write_notes" """ },
        { "a second key in another letter case", "tools/call", """ "name":"read_notes","Name":"write_notes" """ },
        { "a first key in another letter case", "tools/call", """ "NAME":"write_notes","name":"read_notes" """ },
        { "the same key twice", "tools/call", """ "name":"read_notes","name":"write_notes" """ },
        { "the same key twice, once escaped", "tools/call", """ "name":"read_notes","n\u0061me":"write_notes" """ },
        {
            "a prompt's key in another letter case", "prompts/get",
            """ "name":"greeting","Name":"postmortem","arguments":{"about":"a ring","words":"hello"} """
        },
        { "a resource's key in another letter case", "resources/read", """ "uri":"notes://public","URI":"notes://secret" """ },
        { "a subscription's key in another letter case", "resources/subscribe", """ "uri":"notes://public","Uri":"notes://secret" """ },
        {
            "a reference's key in another letter case", "completion/complete",
            """ "ref":{"type":"ref/prompt","name":"greeting"},"Ref":{"type":"ref/prompt","name":"postmortem"}, """ + Ask
        },
        {
            "a reference's type in another letter case", "completion/complete",
            """ "ref":{"Type":"ref/prompt","name":"postmortem"}, """ + Ask
        },
        { "the tool's name in capitals", "tools/call", """ "name":"WRITE_NOTES" """ },
        { "the tool's name with a blank", "tools/call", """ "name":"write_notes " """ },
        { "the tool's name with a null character", "tools/call", """ "name":"write_notes\u0000" """ },
        { "the tool's name in full-width letters", "tools/call", """ "name":"ｗrite_notes" """ },
        { "the tool's name as a list", "tools/call", """ "name":["write_notes"] """ },
        { "other params in other letter case", "tools/call", """ "name":"read_notes" },"Params":{ "name":"write_notes" """ },
        { "another method in another letter case", "ping", """ "name":"write_notes" },"Method":"tools/call","x":{ """ },
        { "a resource by a relative path from another one", "resources/read", """ "uri":"notes://public/../secret" """ },
        { "a tool called as a prompt", "prompts/get", """ "name":"write_notes" """ },
        { "a tool called by a reference", "completion/complete", """ "ref":{"type":"ref/tool","name":"write_notes"}, """ + Ask },
        { "a method in another letter case", "Tools/Call", """ "name":"write_notes" """ },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Guessed_name_of_a_hidden_item_gets_403_in_both_eras(string attack, string method, string parameters)
    {
        Assert.NotEmpty(attack);
        using var inSession = await SendAsync(
            Messages.Post(Request(method, parameters), await BeginSessionAsync(WithScopes())), WithScopes());
        await ChallengeAsync(inSession);
        if (method != "resources/subscribe")
        {
            using var stateless = await SendAsync(Stateless(method, parameters), WithScopes());
            await ChallengeAsync(stateless);
        }

        Assert.Empty(GuardedCode.Calls);
    }

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task Ambiguous_message_gives_no_access(string attack, string method, string parameters)
    {
        Assert.NotEmpty(attack);
        using var inSession = await SendAsync(
            Messages.Post(Request(method, parameters), await BeginSessionAsync(WithScopes())), WithScopes());
        await AssertNoAccessAsync(inSession);

        // The headers cannot be derived from a message with duplicate keys, so this request has the headers of a harmless call.
        using var request = Messages.Post(Messages.StatelessRequest(method, parameters + ","));
        request.Headers.Add("MCP-Protocol-Version", Messages.Stateless);
        request.Headers.Add("Mcp-Method", method);
        request.Headers.Add("Mcp-Name", method == "prompts/get" ? "greeting" : "read_notes");
        using var stateless = await SendAsync(request, WithScopes());
        await AssertNoAccessAsync(stateless);
    }

    [Theory]
    [InlineData("write_notes", "read_notes")]
    [InlineData("read_notes", "write_notes")]
    public async Task Header_that_names_a_different_tool_gives_no_access(string name, string header)
    {
        using var request = Messages.PostStateless(Messages.StatelessCall(name));
        request.Headers.Remove("Mcp-Name");
        request.Headers.Add("Mcp-Name", header);
        using var response = await SendAsync(request, WithScopes());

        Assert.Equal(name == "write_notes" ? HttpStatusCode.Forbidden : HttpStatusCode.BadRequest, response.StatusCode);
        await AssertNoAccessAsync(response);
    }

    [Theory]
    [InlineData("""[{0}]""")]
    [InlineData(""" [ {{"jsonrpc":"2.0","method":"ping","id":7}}, {0} ]""")]
    public async Task Call_without_permission_is_refused_in_a_batch(string batch)
    {
        using var initialized = await SendAsync(Messages.Post(Messages.Initialize("2025-03-26")), WithScopes());
        var session = initialized.Headers.GetValues("Mcp-Session-Id").Single();
        using var response = await SendAsync(
            Messages.Post(string.Format(null, CompositeFormat.Parse(batch), Messages.Call("write_notes")), session), WithScopes());

        Assert.Contains("lacks the scope Files.Write", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Empty(GuardedCode.Calls);
    }

    [Fact]
    public async Task Call_without_permission_is_refused_over_HTTP_SSE()
    {
        using var get = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse");
        get.Headers.Accept.ParseAdd("text/event-stream");
        using var stream = await SendAsync(get, WithScopes());
        using var events = await SseReader.OpenAsync(stream);
        var endpoint = await events.ReadDataAsync();
        await PostAsync(Messages.Initialize("2024-11-05"));
        await events.ReadMessageAsync();

        using var guess = await PostAsync(Messages.Call("write_notes", id: "5"));
        await ChallengeAsync(guess);
        using var ambiguous = await PostAsync(Request("tools/call", """ "name":"read_notes","Name":"write_notes" """));
        Assert.Equal(HttpStatusCode.BadRequest, ambiguous.StatusCode);
        using var list = await PostAsync(Messages.ListTools);
        Assert.DoesNotContain("write_notes", (await events.ReadMessageAsync()).ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(GuardedCode.Calls);

        // The server checks the token of the message, not the token of the stream.
        using var allowed = await SendAsync(
            Messages.Post(Messages.Call("write_notes", id: "6"), path: endpoint), WithScopes("Files.Write"));
        Assert.Equal(HttpStatusCode.Accepted, allowed.StatusCode);
        Assert.Contains(GuardedCode.Secret, (await events.ReadMessageAsync()).ToJsonString(), StringComparison.Ordinal);

        Task<HttpResponseMessage> PostAsync(string body) => SendAsync(Messages.Post(body, path: endpoint), WithScopes());
    }

    private async Task AssertNoAccessAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.DoesNotContain(GuardedCode.Secret, body, StringComparison.Ordinal);
        Assert.DoesNotContain("Internal error", body, StringComparison.Ordinal);
        Assert.Empty(GuardedCode.Calls);
    }
}
