using static RemoteMcp.Testing.Http.Hostile.HostileRequest;

namespace RemoteMcp.Testing.Http.Hostile;

/// <summary>Provides headers that are invalid for the revision in the request.</summary>
internal static class HostileHeaders
{
    private const int HeaderMismatch = -32020;
    private const int UnsupportedProtocolVersion = -32022;
    private const int InvalidParams = -32602;
    private const int Refused = -32000;

    public static HostileRequest[] Rows =>
    [
        Post("no Accept", Messages.Initialize()).Without("Accept").Answers(406, Refused),
        Post("Accept without the event stream", Messages.Initialize()).With("Accept: application/json").Answers(406, Refused),
        Post("Accept with images only", Messages.Initialize()).With("Accept: image/png").Answers(406, Refused),
        Post("Accept that is garbage", Messages.Initialize()).With("Accept: ;;;,,/=\"").Answers(406, Refused),
        Post("Accept with a wildcard", Messages.Initialize()).With("Accept: */*").Succeeds(),
        Post("Accept in two headers", Messages.Initialize()).With("Accept: application/json").And("Accept: text/event-stream;q=0.1")
            .Succeeds(),

        Session("an unknown protocol version").With("MCP-Protocol-Version: 1999-01-01").Answers(400, UnsupportedProtocolVersion),
        Session("a protocol version of the future").With("MCP-Protocol-Version: 2099-01-01").Answers(400, UnsupportedProtocolVersion),
        Session("a protocol version that is garbage").With("MCP-Protocol-Version: <script>").Answers(400, UnsupportedProtocolVersion),
        Session("a protocol version of 8,000 characters").With("MCP-Protocol-Version: " + new string('2', 8000))
            .Answers(400, UnsupportedProtocolVersion),
        Session("a protocol version twice").With("MCP-Protocol-Version: 2025-11-25").And("MCP-Protocol-Version: 2025-11-25")
            .Answers(400, UnsupportedProtocolVersion),
        Session("an empty protocol version").With("MCP-Protocol-Version:").Succeeds(),
        Session("a session's request that says it is stateless").With("MCP-Protocol-Version: 2026-07-28").Answers(400, InvalidParams),
        Session("the metadata of the stateless revision in a session", Messages.StatelessListTools).Succeeds(),
        Post("the metadata of the stateless revision without its header", Messages.StatelessListTools).Answers(400, Refused),
        Session(
            "the stateless revision in the header and another in the metadata",
            Messages.StatelessListTools.Replace("2026-07-28", "2025-11-25", StringComparison.Ordinal))
            .With("MCP-Protocol-Version: 2026-07-28").Answers(400, HeaderMismatch),
        Post("initialize whose header names another version", Messages.Initialize("2025-06-18")).With("MCP-Protocol-Version: 2025-11-25")
            .Succeeds(),
        Post("initialize whose header is garbage", Messages.Initialize()).With("MCP-Protocol-Version: <script>").Succeeds(),
        Post("initialize with the header of the stateless revision", Messages.Initialize(Messages.Stateless))
            .With("MCP-Protocol-Version: 2026-07-28")
            .With("Mcp-Method: initialize").Succeeds(),
        Stateless(
            "initialize with the metadata of the stateless revision",
            Messages.StatelessListTools.Replace("tools/list", "initialize", StringComparison.Ordinal),
            "initialize").Answers(404, -32601),

        Listing("no metadata at all", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""").Answers(400, InvalidParams),
        Listing(
            "no version in the metadata",
            """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/clientCapabilities":{}}}}""")
            .Answers(400, InvalidParams),
        Listing(
            "no capabilities in the metadata",
            """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"""
                + """{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""").Answers(400, InvalidParams),
        Listing(
            "capabilities that are a list",
            Messages.StatelessListTools.Replace("clientCapabilities\":{}", "clientCapabilities\":[]", StringComparison.Ordinal))
            .Answers(400, InvalidParams),
        Listing(
            "capabilities with a wrong type inside",
            Messages.StatelessListTools.Replace(
                "clientCapabilities\":{}", "clientCapabilities\":{\"elicitation\":5}", StringComparison.Ordinal))
            .Answers(200, InvalidParams),
        Listing(
            "client info that is a string",
            Messages.StatelessListTools.Replace("""{"name":"t","version":"1"}""", "\"t\"", StringComparison.Ordinal))
            .Answers(200, InvalidParams),
        Listing(
            "a log level that is a number",
            Messages.StatelessListTools.Replace(
                "\"_meta\":{", "\"_meta\":{\"io.modelcontextprotocol/logLevel\":true,", StringComparison.Ordinal))
            .Answers(200, InvalidParams),
        Listing("metadata that is a list", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":[]}}""")
            .Answers(400, InvalidParams),
        Listing(
            "a version in the metadata that is a number",
            Messages.StatelessListTools.Replace("\"2026-07-28\"", "20260728", StringComparison.Ordinal)).Answers(400, InvalidParams),
        Listing("no Mcp-Method").Without("Mcp-Method").Answers(400, HeaderMismatch),
        Listing("an empty Mcp-Method").With("Mcp-Method:").Answers(400, HeaderMismatch),
        Listing("another Mcp-Method").With("Mcp-Method: tools/call").Answers(400, HeaderMismatch),
        Listing("Mcp-Method in capitals").With("Mcp-Method: TOOLS/LIST").Answers(400, HeaderMismatch),
        Listing("Mcp-Method twice").And("Mcp-Method: tools/list").Answers(400, HeaderMismatch),
        Listing("Mcp-Method with non-ASCII bytes").With("Mcp-Method: tööls").Answers(400, HeaderMismatch),
        Listing("a removed method", Messages.StatelessListTools.Replace("tools/list", "ping", StringComparison.Ordinal))
            .With("Mcp-Method: ping").Answers(404, -32601),
        Calling("no Mcp-Name").Without("Mcp-Name").Answers(400, HeaderMismatch),
        Calling("an empty Mcp-Name").With("Mcp-Name:").Answers(400, HeaderMismatch),
        Calling("another Mcp-Name").With("Mcp-Name: throws").Answers(400, HeaderMismatch),
        Calling("Mcp-Name twice").And("Mcp-Name: echo").Answers(400, HeaderMismatch),
        Calling("Mcp-Name with broken base64").With("Mcp-Name: =?base64?***?=").Answers(400, HeaderMismatch),
        Calling("Mcp-Name with base64 that is not UTF-8").With("Mcp-Name: =?base64?/////w==?=").Answers(400, HeaderMismatch),
        Calling("Mcp-Name with an unfinished base64 value").With("Mcp-Name: =?base64?ZWNobw==").Answers(400, HeaderMismatch),
        Calling("Mcp-Name with non-ASCII bytes").With("Mcp-Name: échö").Answers(400, HeaderMismatch),
        Calling("Mcp-Name of 10,000 characters").With("Mcp-Name: " + new string('e', 10_000)).Answers(400, HeaderMismatch),
        Calling("Mcp-Name in base64").With("Mcp-Name: =?base64?ZWNobw==?=").Succeeds(),
        Stateless(
            "a tool name that is a number, stateless",
            Messages.StatelessCall("echo").Replace("\"echo\"", "5", StringComparison.Ordinal),
            "tools/call",
            "5").Answers(400, InvalidParams),
        Stateless(
            "a call without a name, stateless",
            Messages.StatelessCall("echo").Replace("\"name\":\"echo\",", "", StringComparison.Ordinal),
            "tools/call",
            "echo").Answers(400, InvalidParams),
        Post("a notification without Mcp-Method", """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""")
            .With("MCP-Protocol-Version: 2026-07-28").Answers(400, HeaderMismatch),

        Post("500 headers", Messages.Initialize()).And(string.Join("\r\n", Enumerable.Range(0, 500).Select(static i => $"X-{i}: {i}")))
            .Answers(431),
        Post("a header of 100,000 characters", Messages.Initialize()).And("X-Long: " + new string('x', 100_000)).Answers(431),
        Post("a NUL in a header", Messages.Initialize()).And("X-Nul: a\0b").Answers(400),
        Post("a header folded over two lines", Messages.Initialize()).And("X-Folded: a\r\n b").Answers(400),
        Post("a header without a name", Messages.Initialize()).And(": x").Answers(400),
        Post("a space before the colon", Messages.Initialize()).And("Mcp-Session-Id : x").Answers(400),
    ];

    private static HostileRequest Session(string name, string body = Messages.ListTools) =>
        Post(name, body).With("Mcp-Session-Id: {session}");

    private static HostileRequest Listing(string name, string? body = null) =>
        Stateless(name, body ?? Messages.StatelessListTools, "tools/list");

    private static HostileRequest Calling(string name) =>
        Stateless(name, Messages.StatelessCall("echo", """{"text":"x"}"""), "tools/call", "echo");
}
