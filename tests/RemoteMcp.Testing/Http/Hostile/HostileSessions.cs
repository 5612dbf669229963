using static RemoteMcp.Testing.Http.Hostile.HostileRequest;

namespace RemoteMcp.Testing.Http.Hostile;

/// <summary>Provides requests with invalid sessions and requests without a session.</summary>
internal static class HostileSessions
{
    private const int Refused = -32000;
    private const int SessionNotFound = -32001;
    private const string SseMessage = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    public static HostileRequest[] Rows =>
    [
        Post("a request before initialize", Messages.ListTools).Answers(400, Refused),
        Post("a call before initialize", Messages.Call("echo")).Answers(400, Refused),
        Post("a notification without a session", Messages.Initialized).Answers(400, Refused),
        Post("a response without a session", """{"jsonrpc":"2.0","id":1,"result":{}}""").Answers(400, Refused),
        Post("an unknown session", Messages.ListTools).With("Mcp-Session-Id: AAAAAAAAAAAAAAAAAAAAAA").Answers(404, SessionNotFound),
        Post("an empty session id", Messages.ListTools).With("Mcp-Session-Id:").Answers(400, Refused),
        Post("a session id like a path", Messages.ListTools).With("Mcp-Session-Id: ../../etc/passwd").Answers(404, SessionNotFound),
        Post("a session id with quotes and braces", Messages.ListTools).With("Mcp-Session-Id: ' or 1=1 {0} %n")
            .Answers(404, SessionNotFound),
        Post("a session id of 16,000 characters", Messages.ListTools).With("Mcp-Session-Id: " + new string('A', 16_000))
            .Answers(404, SessionNotFound),
        Post("a session id with non-ASCII characters", Messages.ListTools).With("Mcp-Session-Id: sëssion").Answers(404, SessionNotFound),
        Post("a session id with escaped line ends", Messages.ListTools).With("Mcp-Session-Id: a%0d%0aX-Evil: 1")
            .Answers(404, SessionNotFound),
        Post("a session id with a control character", Messages.ListTools).With("Mcp-Session-Id: a\u0007b").Answers(404, SessionNotFound),
        Post("a session id with a bare line feed", Messages.ListTools).With("Mcp-Session-Id: a\nX-Evil: 1").Answers(404, SessionNotFound),
        Post("a session id twice", Messages.ListTools).With("Mcp-Session-Id: {session}").And("Mcp-Session-Id: {session}")
            .Answers(404, SessionNotFound),
        Post("a known and an unknown session id", Messages.ListTools).With("Mcp-Session-Id: {session}")
            .And("Mcp-Session-Id: AAAAAAAAAAAAAAAAAAAAAA").Answers(404, SessionNotFound),
        Post("initialize with an unknown session", Messages.Initialize()).With("Mcp-Session-Id: AAAAAAAAAAAAAAAAAAAAAA")
            .Answers(404, SessionNotFound),
        Stateless("an unknown session in the stateless revision", Messages.StatelessListTools, "tools/list")
            .With("Mcp-Session-Id: AAAAAAAAAAAAAAAAAAAAAA").Succeeds(),

        Get("a GET without a session").Answers(400, Refused),
        Get("a GET of an unknown session").With("Mcp-Session-Id: AAAAAAAAAAAAAAAAAAAAAA").Answers(404, SessionNotFound),
        Get("a GET that accepts JSON").With("Accept: application/json").With("Mcp-Session-Id: {session}").Answers(406, Refused),
        Get("a GET without Accept").Without("Accept").With("Mcp-Session-Id: {session}").Answers(406, Refused),
        Get("a GET that resumes from garbage").With("Mcp-Session-Id: {session}").With("Last-Event-ID: ../%00'").Answers(400, Refused),
        Get("a GET that resumes from 8,000 characters").With("Mcp-Session-Id: {session}").With("Last-Event-ID: " + new string('9', 8000))
            .Answers(400, Refused),
        Get("a GET that resumes an unknown session").With("Mcp-Session-Id: AAAAAAAAAAAAAAAAAAAAAA").With("Last-Event-ID: 1")
            .Answers(404, SessionNotFound),
        Get("a GET of an unknown version").With("MCP-Protocol-Version: 1").With("Mcp-Session-Id: {session}").Answers(400, -32022),
        Get("a GET of the stateless revision").With("MCP-Protocol-Version: 2026-07-28").Answers(405, Refused),
        Send("a DELETE without a session", "DELETE").Answers(400, Refused),
        Send("a DELETE of an unknown session", "DELETE").With("Mcp-Session-Id: AAAAAAAAAAAAAAAAAAAAAA").Answers(404, SessionNotFound),
        Send("a DELETE of the stateless revision", "DELETE").With("MCP-Protocol-Version: 2026-07-28").Answers(405, Refused),

        Post("an SSE message without a session", SseMessage, "/mcp/message").Answers(400, Refused),
        Post("an SSE message with an empty session", SseMessage, "/mcp/message?sessionId=").Answers(400, Refused),
        Post("an SSE message of an unknown session", SseMessage, "/mcp/message?sessionId=AAAAAAAAAAAAAAAAAAAAAA")
            .Answers(404, SessionNotFound),
        Post("an SSE message of two sessions", SseMessage, "/mcp/message?sessionId=A&sessionId=B").Answers(404, SessionNotFound),
        Post("an SSE message of a Streamable HTTP session", SseMessage, "/mcp/message?sessionId={session}").Answers(404, SessionNotFound),
        Post("an SSE message that is not JSON", "x", "/mcp/message?sessionId=A").Answers(400, -32700),
        Post("an SSE message to a path below the endpoint", SseMessage, "/mcp/message/x").Answers(404, Refused),
        Post("a POST to the SSE stream", SseMessage, "/mcp/sse").Answers(405, Refused),
        Get("a GET of the SSE messages", "/mcp/message?sessionId=A").Answers(405, Refused),
    ];
}
