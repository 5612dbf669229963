using static RemoteMcp.Testing.Http.Hostile.HostileRequest;

namespace RemoteMcp.Testing.Http.Hostile;

/// <summary>Provides bodies with the wrong type, size, or framing. The server of the tests has a limit of 1 MiB.</summary>
internal static class HostileBodies
{
    private const int Limit = 1024 * 1024;
    private const int Refused = -32000;
    private const int ParseError = -32700;

    public static HostileRequest[] Rows =>
    [
        Post("no content type", Messages.Initialize()).Without("Content-Type").Answers(415, Refused),
        Post("plain text as content type", Messages.Initialize()).With("Content-Type: text/plain").Answers(415, Refused),
        Post("a form as content type", Messages.Initialize()).With("Content-Type: application/x-www-form-urlencoded").Answers(415, Refused),
        Post("multipart", Messages.Initialize()).With("Content-Type: multipart/form-data; boundary=x").Answers(415, Refused),
        Post("a content type that is garbage", Messages.Initialize()).With("Content-Type: ////;;=").Answers(415, Refused),
        Post("two content types", Messages.Initialize()).And("Content-Type: text/plain").Answers(415, Refused),
        Post("UTF-16 as charset", Messages.Initialize()).With("Content-Type: application/json; charset=utf-16").Answers(415, Refused),
        Post("an unknown charset", Messages.Initialize()).With("Content-Type: application/json; charset=klingon").Answers(415, Refused),
        Post("UTF-8 as charset, quoted", Messages.Initialize()).With("Content-Type: application/json; charset=\"UTF-8\"").Succeeds(),
        Post("gzip as encoding", Messages.Initialize()).With("Content-Encoding: gzip").Answers(415, Refused),

        Post("exactly the limit", Padded(Limit)).Succeeds(),
        Post("one byte over the limit", Padded(Limit + 1)).Answers(413, Refused),
        Post("exactly the limit in chunks", Padded(Limit)).Chunked().Succeeds(),
        Post("one byte over the limit in chunks", Padded(Limit + 1)).Chunked().Answers(413, Refused),
        Post("a Content-Length of one petabyte", "{").With("Content-Length: 1125899906842624").Lingering().Answers(413, Refused),
        Post("a Content-Length of one petabyte, with Expect: 100-continue", "").With("Content-Length: 1125899906842624")
            .And("Expect: 100-continue").Lingering().Answers(413, Refused),

        Post("20,000 values more than allowed", ManyValues("arguments")).Answers(400, ParseError),
        Post("20,000 values more than allowed, beside the fields of the message", ManyValues("x")).Answers(400, ParseError),

        // A client that closes its half of the connection within a body has disconnected, so it gets no response.
        Post("a Content-Length greater than the body", Messages.Initialize()).With("Content-Length: 5000").ThenEnds().Answers(0),
        Post("a Content-Length less than the body", Messages.Initialize()).With("Content-Length: 20").Answers(400, ParseError),
        Post("no Content-Length and no chunks", Messages.Initialize()).Without("Content-Length").Answers(400, ParseError),
        Post("a negative length", Messages.Initialize()).With("Content-Length: -1").Answers(400),
        Post("a length that is not a number", Messages.Initialize()).With("Content-Length: 1O").Answers(400),
        Post("a Content-Length greater than 64 bits", Messages.Initialize()).With("Content-Length: 99999999999999999999999").Answers(400),
        Post("two lengths", Messages.Initialize()).And("Content-Length: 3").Answers(400),
        Post("truncated chunks", "5\r\n{\"js").Without("Content-Length").And("Transfer-Encoding: chunked").ThenEnds().Answers(0),
        Post("a chunk of an impossible size", "ZZ\r\n{}\r\n0\r\n\r\n").Without("Content-Length").And("Transfer-Encoding: chunked")
            .Answers(400, Refused),
        Post("a chunk of a gigantic size", "FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n").Without("Content-Length")
            .And("Transfer-Encoding: chunked").Answers(400, Refused),
        Post("an unknown transfer encoding", Messages.Initialize()).Without("Content-Length").And("Transfer-Encoding: gzip").Answers(400),
        Post("chunked, then another encoding", Messages.Initialize()).Without("Content-Length")
            .And("Transfer-Encoding: chunked, identity").Answers(400),
        // RFC 9112, section 6.1: the server ignores the length and closes the connection, so it never processes the second request.
        Verbatim("a Content-Length and chunks, with a second request after the chunks", """
            POST /mcp HTTP/1.1
            Host: {host}
            Content-Type: application/json
            Accept: application/json, text/event-stream
            Content-Length: 5
            Transfer-Encoding: chunked

            0

            GET /healthz HTTP/1.1
            Host: {host}


            """).Answers(400, ParseError),
    ];

    private static string Padded(int length)
    {
        var message = Messages.Initialize();
        return message + new string(' ', length - message.Length);
    }

    private static string ManyValues(string field)
    {
        var members = string.Join(',', Enumerable.Range(0, 40_000).Select(static i => $"\"{i}\":1"));
        return $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","{{field}}":{ {{members}} } }""";
    }
}
