using System.Text.Json.Nodes;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Cli.Stdio;

/// <summary>Tests the server over standard input and output: what it refuses, batches, and the end of the input.</summary>
public sealed class StdioTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":"p","method":"ping"}""";

    public static TheoryData<string> RefusedLines =>
    [
        "no JSON", "nul", "{", "[", "\"ping\"", "42", "null", "{}", "[]", $"[{Messages.Initialize()}]",
        """{"id":1,"method":"ping"}""",
        """{"jsonrpc":"1.0","id":1,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":1}""",
        """{"jsonrpc":"2.0","id":1,"method":5}""",
        """{"jsonrpc":"2.0","id":null,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":true,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":[1],"method":"ping"}""",
        """{"jsonrpc":"2.0","id":1.5,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[1]}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","Name":"throws"}}""",
        """{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}""",
        """{"jsonrpc":"2.0","id":7,"method":"ping","error":{}}""",
        """{"jsonrpc":"2.0","id":7,"method":"ping","error":null}""",
        """{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}""",
        """{"jsonrpc":"2.0","method":"notifications/initialized","result":{}}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}""",
        """{"jsonrpc":"2.0","id":"\ud800","method":"ping"}""",
        new string('[', 100) + new string(']', 100),
    ];

    [Theory, MemberData(nameof(RefusedLines))]
    public async Task Line_gets_the_error_that_a_request_body_gets(string line)
    {
        await using var host = await TestServerHost.StartAsync();
        using var overHttp = await host.Client.SendAsync(
            Messages.Post(line, await host.Client.InitializeAsync("2025-03-26")), TestContext.Current.CancellationToken);
        await using var server = await StdioServer.StartInitializedAsync("2025-03-26");

        await server.WriteAsync(line);
        await server.WriteAsync(Ping);

        Assert.Equal((await overHttp.ReadMessageAsync()).ToJsonString(), (await server.ReadAsync()).ToJsonString());
        Assert.Equal("p", (string?)(await server.ReadAsync())["id"]);
    }

    [Fact]
    public async Task Everything_is_answered_before_the_connection_ends()
    {
        await using var server = StdioServer.Start();
        await server.WriteAsync(Messages.Initialize());
        await server.WriteAsync(Messages.Initialized, "\r\n");
        await server.WriteAsync("");
        await server.WriteAsync(Messages.Call("echo", """{"text":"one"}""", "1"));
        await server.WriteAsync(Messages.Call("echo", """{"text":"two"}""", "1"));
        await server.WriteAsync(Messages.Call("waits", id: "2"));
        await server.WriteAsync(Messages.Call("echo", """{"text":"last"}""", "3"), end: "");
        await server.EndAsync();
        await server.Rendezvous.Entered;
        server.Rendezvous.Release();

        var answers = (await server.ReadToEndAsync()).Where(static line => line["result"] is not null).ToList();

        Assert.Equal("2025-11-25", (string?)answers[0]["result"]!["protocolVersion"]);
        Assert.Equal(
            ["last", "one", "released", "two"],
            answers.Skip(1).Select(static answer => (string?)answer["result"]!["content"]![0]!["text"]).Order());
    }

    [Fact]
    public async Task Request_that_does_not_finish_in_time_gets_an_error()
    {
        await using var server = StdioServer.Start(("RemoteMcp:Stdio:EndOfInputGrace", "00:00:00.01"));
        await server.WriteAsync(Messages.Initialize());
        await server.WriteAsync(Messages.Call("stubborn", id: "7"));
        await server.Rendezvous.Entered;
        await server.EndAsync();

        var last = (await server.ReadToEndAsync())[^1];

        Assert.Equal(7, (int?)last["id"]);
        Assert.Equal(-32603, (int?)last["error"]!["code"]);
        Assert.Contains("RemoteMcp:Stdio:EndOfInputGrace", (string?)last["error"]!["message"], StringComparison.Ordinal);
        Assert.Contains("Check its effect before you send it again.", (string?)last["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Running_request_gets_an_error_when_the_process_stops()
    {
        await using var server = StdioServer.Start(("RemoteMcp:Http:ShutdownGrace", "00:00:00.01"));
        await server.WriteAsync(Messages.Initialize());
        await server.WriteAsync(Messages.Call("waits", id: "7"));
        await server.Rendezvous.Entered;
        await server.StopAsync();

        var last = (await server.ReadToEndAsync())[^1];

        Assert.Equal(7, (int?)last["id"]);
        Assert.Equal(
            "The server is shutting down. The request may have been executed, completely or in part. Check its effect before you send it "
                + "again.",
            (string?)last["error"]!["message"]);
    }

    [Fact]
    public async Task Question_of_a_tool_fails_at_the_end_of_the_input()
    {
        await using var server = await StdioServer.StartInitializedAsync(capabilities: """{"elicitation":{}}""");
        await server.WriteAsync(Messages.Call("asks", id: "7"));
        Assert.Equal("elicitation/create", (string?)(await server.ReadAsync())["method"]);
        await server.EndAsync();

        var answer = Assert.Single(await server.ReadToEndAsync());

        Assert.Equal(7, (int?)answer["id"]);
    }

    [Fact]
    public async Task Cancelled_request_does_not_keep_the_process_alive()
    {
        await using var server = await StdioServer.StartInitializedAsync();
        await server.WriteAsync(Messages.Call("stubborn", id: "7"));
        await server.Rendezvous.Entered;
        await server.WriteAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""");
        await server.EndAsync();

        Assert.Empty(await server.ReadToEndAsync());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public async Task Request_with_the_name_of_the_cancellation_cancels_nothing(int cancelled)
    {
        await using var server = await StdioServer.StartInitializedAsync();
        await server.WriteAsync(Messages.Call("waits", id: "7"));
        await server.Rendezvous.Entered;
        await server.WriteAsync(
            $$"""{"jsonrpc":"2.0","id":9,"method":"notifications/cancelled","params":{"requestId":{{cancelled}}} }""");
        server.Rendezvous.Release();
        await server.EndAsync();

        Assert.Equal([7, 9], (await server.ReadToEndAsync()).Select(static line => (int?)line["id"]).Order());
    }

    [Fact]
    public async Task Id_of_initialize_can_be_used_again()
    {
        await using var server = StdioServer.Start();
        await server.WriteAsync(Messages.Initialize());
        var id = (await server.ReadAsync())["id"]!.ToJsonString();
        await server.WriteAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");
        await server.ReadAsync();
        await server.WriteAsync($"[{Ping}]");

        Assert.Equal(-32600, (int?)(await server.ReadAsync())["error"]!["code"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} }""")]
    public async Task Request_to_listen_gets_a_response_before_the_connection_ends(string meta)
    {
        await using var server = StdioServer.Start();
        if (meta.Length == 0)
        {
            await server.WriteAsync(Messages.Initialize());
            await server.ReadAsync();
        }

        await server.WriteAsync(
            $$"""{"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{"notifications":{}{{meta}} } }""");
        await server.EndAsync();

        var ended = Assert.Single(await server.ReadToEndAsync(), static line => (int?)line["id"] == 7);
        Assert.DoesNotContain("executed", ended.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_gets_one_array_of_responses()
    {
        await using var server = await StdioServer.StartInitializedAsync("2025-03-26");
        await server.WriteAsync($$"""[{{Messages.Initialized}},{{Messages.Call("echo", """{"text":"a"}""", "1")}},5,{{Ping}}]""");
        await server.EndAsync();

        var responses = Assert.IsType<JsonArray>(Assert.Single(await server.ReadToEndAsync()));

        Assert.Equal(3, responses.Count);
        Assert.Contains(responses, static response => (string?)response!["result"]?["content"]?[0]?["text"] == "a");
        var refused = Assert.Single(responses, static response => response!["error"] is not null)!.AsObject();
        Assert.True(refused.ContainsKey("id"));
        Assert.Null(refused["id"]);
    }

    [Fact]
    public async Task Batch_of_a_later_revision_is_refused()
    {
        await using var server = await StdioServer.StartInitializedAsync("2025-11-25");
        await server.WriteAsync($"[{Ping}]");

        var error = (await server.ReadAsync())["error"]!;

        Assert.Equal(-32600, (int?)error["code"]);
        Assert.Contains("2025-03-26", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_that_is_too_long_is_refused_and_the_next_one_is_served()
    {
        await using var server = StdioServer.Start(("RemoteMcp:Http:MaxRequestBytes", "1024"));
        await server.WriteAsync(Messages.Initialize());
        await server.ReadAsync();
        await server.WriteAsync(new string('x', 300_000));
        await server.WriteAsync(Ping);

        var refused = (await server.ReadAsync()).AsObject();

        Assert.Equal(-32000, (int?)refused["error"]!["code"]);
        Assert.Contains("1024", (string?)refused["error"]!["message"], StringComparison.Ordinal);
        Assert.False(refused.ContainsKey("id"));
        Assert.Equal("p", (string?)(await server.ReadAsync())["id"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"},")]
    public async Task Second_initialize_is_refused(string meta)
    {
        await using var server = await StdioServer.StartInitializedAsync();
        await server.WriteAsync(Messages.Initialize("2024-11-05").Replace("\"params\":{", "\"params\":{" + meta, StringComparison.Ordinal));

        Assert.Equal(-32600, (int?)(await server.ReadAsync())["error"]!["code"]);
    }

    [Theory]
    [InlineData("{}", -32602)]
    [InlineData("""{"protocolVersion":"2025-11-25","clientInfo":{"name":"t","version":"1"} }""", -32602)]
    [InlineData("""{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } }""",
        -32601, "2026-07-28")]
    public async Task Initialize_with_missing_fields_is_refused_as_over_HTTP(string parameters, int code, string? header = null)
    {
        var initialize = $$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{{parameters}} }""";
        await using var host = await TestServerHost.StartAsync();
        using var request = Messages.Post(initialize);
        if (header is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", header);
            request.Headers.Add("Mcp-Method", "initialize");
        }

        using var overHttp = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await using var server = StdioServer.Start();
        await server.WriteAsync(initialize);

        var refused = await server.ReadAsync();

        Assert.Equal((await overHttp.ReadMessageAsync()).ToJsonString(), refused.ToJsonString());
        Assert.Equal(code, (int?)refused["error"]!["code"]);
    }

    [Fact]
    public async Task Request_before_initialize_is_refused_and_ping_is_answered()
    {
        await using var server = StdioServer.Start();
        await server.WriteAsync(Ping);
        Assert.NotNull((await server.ReadAsync())["result"]);
        await server.WriteAsync(Messages.ListTools);

        var error = (await server.ReadAsync())["error"]!;

        Assert.Equal(-32600, (int?)error["code"]);
        Assert.Contains("Send initialize first.", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Byte_order_mark_at_the_beginning_is_ignored()
    {
        await using var server = StdioServer.Start();
        await server.WriteAsync("\uFEFF" + Messages.Initialize("2027-03-01"));

        Assert.Equal("2025-11-25", (string?)(await server.ReadAsync())["result"]!["protocolVersion"]);
    }
}
