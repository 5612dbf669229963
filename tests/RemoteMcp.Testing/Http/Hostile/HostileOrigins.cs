using static RemoteMcp.Testing.Http.Hostile.HostileRequest;

namespace RemoteMcp.Testing.Http.Hostile;

/// <summary>Provides requests with unknown origins and unknown host names, as in DNS rebinding.</summary>
internal static class HostileOrigins
{
    private const int Refused = -32000;

    public static HostileRequest[] Rows =>
    [
        Origin("https://evil.com"),
        Origin("null"),
        Origin(""),
        Origin("http://localhost.evil.com"),
        Origin("http://127.0.0.1.evil.com"),
        Origin("http://127.0.0.1.nip.io"),
        Origin("http://localhost@evil.com"),
        Origin("http://evil.com@localhost"),
        Origin("http://localhost:80@evil.com"),
        Origin("http://localhost#.evil.com"),
        Origin("http://localhost/evil"),
        Origin("http://localhost\\.evil.com"),
        Origin("http://localhost?x"),
        Origin("ftp://localhost"),
        Origin("file://localhost"),
        Origin("file:///etc/passwd"),
        Origin("chrome-extension://localhost"),
        Origin("localhost"),
        Origin("//localhost"),
        Origin("http://"),
        Origin("http://0.0.0.0"),
        Origin("http://[::]"),
        Origin("http://xn--lcalhost-54a.com"),
        Origin("http://localhost, http://evil.com"),
        Post("two origins in two headers", Messages.Initialize()).And("Origin: http://localhost").And("Origin: http://localhost")
            .Answers(403, Refused),
        Get("a foreign origin on the SSE stream", "/mcp/sse").And("Origin: https://evil.com").Answers(403, Refused),
        Send("a foreign preflight", "OPTIONS").And("Origin: https://evil.com").And("Access-Control-Request-Method: POST")
            .Answers(403, Refused),
        Post("an origin on this machine", Messages.Initialize()).And("Origin: http://localhost:6274").Succeeds(),
        Post("an origin on this machine over IPv6", Messages.Initialize()).And("Origin: http://[::1]:6274").Succeeds(),

        Host("evil.com"),
        Host("evil.com:80"),
        Host("localhost.evil.com"),
        Host("127.0.0.2"),
        Host("0.0.0.0"),
        Host("[::2]"),
        Host("localhost."),
        Host("xn--lcalhost-54a"),
        Post("no Host", Messages.Initialize()).Without("Host").Answers(400),
        Post("an empty Host", Messages.Initialize()).With("Host:").Answers(403, Refused),
        Post("two Hosts", Messages.Initialize()).And("Host: evil.com").Answers(400),
        Post("a Host with userinfo", Messages.Initialize()).With("Host: localhost@evil.com").Answers(400),
        Post("a Host with a path", Messages.Initialize()).With("Host: localhost/evil").Answers(400),
        Post("a Host with a port that is not a number", Messages.Initialize()).With("Host: localhost:80evil").Answers(400),
        Post("a foreign host as absolute target", Messages.Initialize(), "http://evil.com/mcp").Answers(400),
        Post("a foreign host as absolute target and Host", Messages.Initialize(), "http://evil.com/mcp").With("Host: evil.com")
            .Answers(403, Refused),
        Post("a foreign X-Forwarded-Host", Messages.Initialize()).And("X-Forwarded-Host: evil.com").And("Forwarded: host=evil.com")
            .Succeeds(),
        Post("another port of this machine as Host", Messages.Initialize()).With("Host: localhost:1").Succeeds(),
        Verbatim("HTTP/1.0 without Host", "GET /mcp HTTP/1.0\n\n").Answers(403, Refused),
        Verbatim("CONNECT", "CONNECT evil.com:443 HTTP/1.1\nHost: evil.com:443\nConnection: close\n\n").Answers(403, Refused),
    ];

    private static HostileRequest Origin(string origin) =>
        Post($"Origin '{origin}'", Messages.Initialize()).And("Origin: " + origin).Answers(403, Refused);

    private static HostileRequest Host(string host) =>
        Post($"Host '{host}'", Messages.Initialize()).With("Host: " + host).Answers(403, Refused);
}
