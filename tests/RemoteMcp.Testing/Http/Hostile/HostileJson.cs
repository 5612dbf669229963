using System.Text;
using static RemoteMcp.Testing.Http.Hostile.HostileRequest;

namespace RemoteMcp.Testing.Http.Hostile;

/// <summary>
/// Provides bodies that are not JSON, or that two JSON readers could interpret differently (RFC 8259, RFC 7493). All cause a parse error.
/// </summary>
internal static class HostileJson
{
    private const int ParseError = -32700;

    public static HostileRequest[] Rows =>
    [
        Bad("an empty body", ""),
        Bad("only white space", " \r\n\t "),
        Bad("a truncated object", """{"jsonrpc":"2.0","id":1,"method":"ping" """),
        Bad("a truncated string", """{"jsonrpc":"2.0","id":1,"method":"pi"""),
        Bad("garbage after the message", """{"jsonrpc":"2.0","id":1,"method":"ping"} x"""),
        Bad("two messages in one body", """{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}"""),
        Bad("a byte order mark", "\uFEFF" + Messages.Initialize()),
        Bad("a NUL after the message", Messages.Initialize() + "\0"),
        Bad("a raw NUL in a string", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\0ng\"}"),
        Bad("a raw newline in a string", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\nng\"}"),
        Bad("a comment", """{"jsonrpc":"2.0","id":1,"method":"ping"/* hello */}"""),
        Bad("a trailing comma", """{"jsonrpc":"2.0","id":1,"method":"ping",}"""),
        Bad("single quotes", "{'jsonrpc':'2.0','id':1,'method':'ping'}"),
        Bad("unquoted names", "{jsonrpc:2.0}"),
        Bad("NaN", """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":NaN}}"""),
        Bad("Infinity", """{"jsonrpc":"2.0","id":-Infinity,"method":"ping"}"""),
        Bad("a number with a leading zero", """{"jsonrpc":"2.0","id":01,"method":"ping"}"""),
        Bad("a hexadecimal number", """{"jsonrpc":"2.0","id":0x1,"method":"ping"}"""),
        Bad("an unknown escape", """{"jsonrpc":"2.0","id":1,"method":"\x70ing"}"""),
        Bad("plain text", "hello"),
        Bad("a form", "jsonrpc=2.0&method=ping"),
        Bad("XML", "<methodCall><methodName>ping</methodName></methodCall>"),
        Bad("invalid UTF-8", Bytes("""{"jsonrpc":"2.0","id":1,"method":"ping""", [0xFF, 0xFE], "\"}")),
        Bad("overlong UTF-8", Bytes("""{"jsonrpc":"2.0","id":1,"method":"ping""", [0xC0, 0xAF], "\"}")),
        Bad("a surrogate in UTF-8", Bytes("""{"jsonrpc":"2.0","id":1,"method":"ping""", [0xED, 0xA0, 0x80], "\"}")),
        Bad("UTF-16 declared as UTF-8", Encoding.Unicode.GetBytes(Messages.Initialize())),
        Bad("an unpaired surrogate in the method", """{"jsonrpc":"2.0","id":1,"method":"\ud800"}"""),
        Bad("an unpaired surrogate in the id", """{"jsonrpc":"2.0","id":"\udc00","method":"ping"}"""),
        Bad("an unpaired surrogate in an unknown field's name", """{"jsonrpc":"2.0","id":1,"method":"ping","\ud800":1}"""),
        Bad("an unpaired surrogate in an argument", Messages.StatelessCall("echo", """{"text":"\ud83d"}""")),
        Bad("an unpaired surrogate in an argument's name", Messages.StatelessCall("echo", """{"\ud83d":"x"}""")),
        Bad("a truncated batch", $"[{Messages.ListTools},"),
        Bad("two ids", """{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"""),
        Bad("two methods", """{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}"""),
        Bad("two methods, one spelled with an escape", """{"jsonrpc":"2.0","id":1,"method":"ping","\u006dethod":"tools/list"}"""),
        Bad("two params", """{"jsonrpc":"2.0","id":1,"method":"ping","params":{},"params":{}}"""),
        Bad("two jsonrpc", """{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"ping"}"""),
        Bad("two results", """{"jsonrpc":"2.0","id":1,"result":{},"result":{}}"""),
        Bad("two tool names", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"throws"}}"""),
        Bad("two _meta", Messages.StatelessRequest("tools/list", Messages.Meta + ",")),
        Bad("two equal arguments", Messages.StatelessCall("echo", """{"text":"a","text":"b"}""")),
        Bad("objects 65 deep", Deep(65, "{\"x\":", "}")),
        Bad("objects 10,000 deep", Deep(10_000, "{\"x\":", "}")),
        Bad("arrays 100,000 deep, never closed", Deep(100_000, "[", "")),
        Stateless("objects 60 deep", Messages.StatelessRequest("tools/list", $"\"x\":{Nested(58, "{\"x\":", "}")},"), "tools/list")
            .Succeeds(),
    ];

    private static HostileRequest Bad(string name, string body) => Bad(name, Encoding.UTF8.GetBytes(body));

    private static HostileRequest Bad(string name, byte[] body) => Post(name, body).Answers(400, ParseError);

    private static byte[] Bytes(string before, byte[] middle, string after) =>
        [.. Encoding.UTF8.GetBytes(before), .. middle, .. Encoding.UTF8.GetBytes(after)];

    private static string Deep(int depth, string open, string close) =>
        $$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{{Nested(depth - 1, open, close)}} }""";

    private static string Nested(int depth, string open, string close) =>
        string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
}
