using static RemoteMcp.Testing.Http.Hostile.HostileRequest;

namespace RemoteMcp.Testing.Http.Hostile;

/// <summary>Provides JSON that is not a JSON-RPC 2.0 message, and messages without a meaning.</summary>
internal static class HostileMessages
{
    private const int InvalidRequest = -32600;
    private const int MethodNotFound = -32601;
    private const int InvalidParams = -32602;

    public static HostileRequest[] Rows =>
    [
        Invalid("null", "null"),
        Invalid("a string", "\"ping\""),
        Invalid("a number", "42"),
        Invalid("true", "true"),
        Invalid("an empty object", "{}"),
        Invalid("an empty batch", "[]"),
        Post("a batch of values that are not messages", "[1,2,3]").Answers(400),
        Post("a batch in a batch", $"[[{Messages.ListTools}]]").Answers(400),
        Post("a batch without a session", $"[{Messages.ListTools},{Messages.ListTools}]").Answers(400),
        Invalid("a batch of 101 messages", $"[{string.Join(',', Enumerable.Repeat(Messages.ListTools, 101))}]"),
        Invalid("a batch with initialize", $"[{Messages.Initialize()}]"),
        Invalid("no jsonrpc", """{"id":1,"method":"ping"}"""),
        Invalid("jsonrpc 1.0", """{"jsonrpc":"1.0","id":1,"method":"ping"}"""),
        Invalid("jsonrpc as a number", """{"jsonrpc":2.0,"id":1,"method":"ping"}"""),
        Invalid("jsonrpc null", """{"jsonrpc":null,"id":1,"method":"ping"}"""),
        Invalid("jsonrpc as an object", """{"jsonrpc":{},"id":1,"method":"ping"}"""),
        Invalid("neither method nor result", """{"jsonrpc":"2.0","id":1}"""),
        Invalid("an id only", """{"id":1}"""),
        Invalid("a method that is a number", """{"jsonrpc":"2.0","id":1,"method":5}"""),
        Invalid("a method that is null", """{"jsonrpc":"2.0","id":1,"method":null}"""),
        Invalid("a method that is an object", """{"jsonrpc":"2.0","id":1,"method":{"a":1}}"""),
        Invalid("params that are an array", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[1]}"""),
        Invalid("params that are a string", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"x"}"""),
        Session("params that are null", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}""").Succeeds(),
        Invalid("an id that is null", """{"jsonrpc":"2.0","id":null,"method":"ping"}"""),
        Invalid("an id that is a boolean", """{"jsonrpc":"2.0","id":true,"method":"ping"}"""),
        Invalid("an id that is an object", """{"jsonrpc":"2.0","id":{},"method":"ping"}"""),
        Invalid("an id that is an array", """{"jsonrpc":"2.0","id":[1],"method":"ping"}"""),
        Invalid("an id with a fraction", """{"jsonrpc":"2.0","id":1.5,"method":"ping"}"""),
        Invalid("an id with an exponent", """{"jsonrpc":"2.0","id":1e400,"method":"ping"}"""),
        Invalid("an id greater than 64 bits", """{"jsonrpc":"2.0","id":123456789012345678901234567890,"method":"ping"}"""),
        Invalid("a response with result and error", """{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}"""),
        Invalid("an error that is a string", """{"jsonrpc":"2.0","id":1,"error":"x"}"""),
        Invalid("an error with a code that is a string", """{"jsonrpc":"2.0","id":1,"error":{"code":"x","message":"x"}}"""),
        Invalid("an error without a message", """{"jsonrpc":"2.0","id":1,"error":{"code":1}}"""),
        Invalid("a result without an id", """{"jsonrpc":"2.0","result":{}}"""),

        Stateless("an unknown method", Messages.StatelessRequest("no/such"), "no/such").Answers(404, MethodNotFound),
        Stateless("an empty method", Messages.StatelessRequest(""), "").Answers(404, MethodNotFound),
        Stateless("a server's method", Messages.StatelessRequest("sampling/createMessage"), "sampling/createMessage")
            .Answers(404, MethodNotFound),
        Stateless("an unknown tool", Messages.StatelessCall("nothing"), "tools/call", "nothing").Answers(200, InvalidParams),
        Session("an unknown tool in a session", Messages.Call("nothing")).Answers(200, InvalidParams),
        Session("an unknown method in a session", """{"jsonrpc":"2.0","id":1,"method":"no/such"}""").Answers(200, MethodNotFound),
        Session("a notification of an unknown method", """{"jsonrpc":"2.0","method":"no/such"}""").Answers(202),
        Session("a tool name that is a number", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}""")
            .Answers(400, InvalidParams),
        Session("a tool name that is null", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":null}}""")
            .Answers(400, InvalidParams),
        Session("a resource URI that is an object", """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":{}}}""")
            .Answers(400, InvalidParams),
        Session("a tool call without a name", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""").Answers(400, InvalidParams),
        Session("a tool call without params", """{"jsonrpc":"2.0","id":1,"method":"tools/call"}""").Answers(400, InvalidParams),
        Session(
            "arguments that are a string",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":"x"}}""").Answers(200, InvalidParams),
        Session(
            "arguments that are an array",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":[1]}}""").Answers(200, InvalidParams),
        Session("a cursor that is a number", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":5}}""")
            .Answers(200, InvalidParams),
        Session("_meta that is a string", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":"x"}}""")
            .Answers(200, InvalidParams),
        Session(
            "a progress token that is an object",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":"""
                + """{"name":"echo","arguments":{"text":"x"},"_meta":{"progressToken":{}}}}""").Succeeds(),
        Session("a log level that does not exist", """{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"loud"}}""")
            .Answers(200, InvalidParams),
        Session(
            "a string id of 100,000 characters",
            """{"jsonrpc":"2.0","id":"ID","method":"ping"}""".Replace("ID", new string('i', 100_000), StringComparison.Ordinal))
            .Succeeds(),
        Session("the smallest id", """{"jsonrpc":"2.0","id":-9223372036854775808,"method":"ping"}""").Succeeds(),
        Session("an empty string as id", """{"jsonrpc":"2.0","id":"","method":"ping"}""").Succeeds(),
        Session("unknown fields everywhere", """{"jsonrpc":"2.0","id":1,"method":"ping","x":[{}],"params":{"y":{"z":null}}}""").Succeeds(),
        Session("a missing argument", Messages.Call("echo")).Succeeds(),
        Session("an argument of the wrong type", Messages.Call("echo", """{"text":{"a":1}}""")).Succeeds(),
        Session("an escaped NUL in an argument", Messages.Call("echo", """{"text":"a\u0000b"}""")).Succeeds(),

        Session(
            "a cancellation of an unknown request",
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}""").Answers(202),
        Session("a cancellation without a request id", """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}""").Answers(202),
        Session("a cancellation of an object", """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}""")
            .Answers(400, InvalidParams),
        Session("a response to no request", """{"jsonrpc":"2.0","id":999,"result":{}}""").Answers(202),
        Session("an error response to no request", """{"jsonrpc":"2.0","id":"x","error":{"code":1,"message":"x"}}""").Answers(202),
        Session("an error response without an id", """{"jsonrpc":"2.0","error":{"code":1,"message":"x"}}""").Answers(202),
        Session(
            "progress of an unknown token",
            """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"x","progress":1}}""").Answers(202),
        Session("progress of nothing", """{"jsonrpc":"2.0","method":"notifications/progress","params":{}}""").Answers(202),
        Stateless("a response in the stateless revision", """{"jsonrpc":"2.0","id":999,"result":{}}""", "x").Answers(202),
        Stateless("a cancellation in the stateless revision",
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}""",
            "notifications/cancelled").Answers(202),

        Post("initialize without params", """{"jsonrpc":"2.0","id":1,"method":"initialize"}""").Answers(400, InvalidParams),
        Post("initialize with empty params", """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""").Answers(400, InvalidParams),
        Post(
            "initialize without client info",
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}""")
            .Answers(400, InvalidParams),
        Post(
            "initialize with a version that is a number",
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":"""
                + """{"protocolVersion":20251125,"capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""")
            .Answers(400, InvalidParams),
        Post(
            "initialize with capabilities that are a list",
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":"""
                + """{"protocolVersion":"2025-11-25","capabilities":[],"clientInfo":{"name":"t","version":"1"}}}""")
            .Answers(400, InvalidParams),
        Post(
            "initialize with client info that is a string",
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":"""
                + """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":"t"}}""")
            .Answers(400, InvalidParams),
        Post("initialize with an unknown version", Messages.Initialize("1999-01-01")).Succeeds(),
        Post("initialize with the stateless version", Messages.Initialize(Messages.Stateless)).Succeeds(),
        Post("initialize with a version of the future", Messages.Initialize("2027-03-01")).Succeeds(),
        Post("initialize as a notification", """{"jsonrpc":"2.0","method":"initialize","params":{}}""").Answers(400, InvalidParams),
        Session("initialize in a session", Messages.Initialize()).Answers(400, InvalidRequest),
    ];

    private static HostileRequest Invalid(string name, string body) => Post(name, body).Answers(400, InvalidRequest);

    private static HostileRequest Session(string name, string body) => Post(name, body).With("Mcp-Session-Id: {session}");
}
