using static RemoteMcp.Testing.Http.Hostile.HostileRequest;

namespace RemoteMcp.Testing.Http.Hostile;

/// <summary>Provides requests with methods and paths that the server does not have.</summary>
internal static class HostileTargets
{
    private const int Refused = -32000;

    public static HostileRequest[] Rows =>
    [
        Send("PUT", "PUT").Answers(405, Refused),
        Send("PATCH", "PATCH").Answers(405, Refused),
        Send("TRACE", "TRACE").Answers(405, Refused),
        Send("OPTIONS that is not a preflight", "OPTIONS").Answers(405, Refused),
        Send("HEAD", "HEAD").Answers(405),
        Send("a made-up method", "BREW").Answers(405, Refused),
        Send("a method in lowercase letters", "post").Answers(415, Refused),
        Post("PUT in an override header", Messages.Initialize()).And("X-HTTP-Method-Override: DELETE").Succeeds(),
        Post("a trailing slash", Messages.Initialize(), "/mcp/").Succeeds(),
        Post("two trailing slashes", Messages.Initialize(), "/mcp//").Answers(404, Refused),
        Post("uppercase letters in the path", Messages.Initialize(), "/MCP").Succeeds(),
        Post("the path percent-encoded", Messages.Initialize(), "/%6Dcp").Succeeds(),
        Post("the root", Messages.Initialize(), "/").Answers(404, Refused),
        Post("a path below the endpoint", Messages.Initialize(), "/mcp/nothing").Answers(404, Refused),
        Post("a path that starts with the path of the endpoint", Messages.Initialize(), "/mcpx").Answers(404, Refused),
        Get("dot segments out of the endpoint", "/mcp/../secret").Answers(404, Refused),
        Get("encoded dot segments", "/mcp/%2e%2e/secret").Answers(404, Refused),
        Get("an encoded slash", "/mcp%2f..%2fsecret").Answers(404, Refused),
        Get("double encoding", "/mcp/%252e%252e/secret").Answers(404, Refused),
        Get("backslashes", @"/mcp\..\secret").Answers(404, Refused),
        Get("a semicolon", "/mcp;jsessionid=1").Answers(404, Refused),
        Get("invalid percent-encoding", "/mcp/%zz").Answers(404, Refused),
        Get("overlong UTF-8 in the path", "/mcp/%c0%ae%c0%ae/secret").Answers(404, Refused),
        Get("an encoded NUL in the path", "/mcp%00").Answers(400),
        Get("a path of 16,000 characters", "/" + new string('a', 16_000)).Answers(414),
        Get("a fragment", "/mcp#x").Answers(404, Refused),
        Get("an unknown well-known name", "/.well-known/nothing").Answers(404, Refused),
        Verbatim("text that is not HTTP", "\u0016\u0003\u0001\u0002\0\u0001\n\n").Answers(400),
        Verbatim("HTTP/0.9", "GET /mcp\n\n").Answers(400),
        Verbatim("HTTP/3.0 in clear text", "GET /mcp HTTP/3.0\nHost: {host}\n\n").Answers(505),
        Verbatim("a bare line feed in the request line", "GET /mcp\nHTTP/1.1\n\n").Answers(400),
    ];
}
