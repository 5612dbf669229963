using System.Globalization;
using System.Text;

namespace RemoteMcp.Testing.Http.Hostile;

/// <summary>Represents the exact bytes of a request and the expected response.</summary>
/// <remarks><c>{host}</c> is a placeholder for the address of the server, and <c>{session}</c> for the id of a new session.</remarks>
internal sealed class HostileRequest(string name, string method, string target, byte[]? body)
{
    private readonly List<string> _headers = ["Host: {host}", "Connection: close"];
    private byte[]? _verbatim;

    public string Name => name;

    public int Status { get; private set; }

    /// <summary>Gets the JSON-RPC error code that the body must contain.</summary>
    public int? Code { get; private set; }

    /// <summary>Gets whether the body must contain a JSON-RPC result.</summary>
    public bool HasResult { get; private set; }

    /// <summary>Gets whether the client closes its half of the connection after the request.</summary>
    public bool Ends { get; private set; }

    /// <summary>Gets whether the server responds immediately but closes the connection only after it stops waiting for the body.</summary>
    public bool Lingers { get; private set; }

    public bool NeedsSession =>
        _headers.Any(static header => header.Contains("{session}", StringComparison.Ordinal))
            || target.Contains("{session}", StringComparison.Ordinal);

    public static HostileRequest Post(string name, string body, string target = "/mcp") => Post(name, Encoding.UTF8.GetBytes(body), target);

    public static HostileRequest Post(string name, byte[] body, string target = "/mcp") => new HostileRequest(name, "POST", target, body)
        .With("Content-Type: application/json")
        .With("Accept: application/json, text/event-stream")
        .With("Content-Length: " + body.Length.ToString(CultureInfo.InvariantCulture));

    /// <summary>Returns a request of 2026-07-28 with correct headers.</summary>
    public static HostileRequest Stateless(string name, string body, string rpcMethod, string? rpcName = null)
    {
        var request = Post(name, body).With("MCP-Protocol-Version: " + Messages.Stateless).With("Mcp-Method: " + rpcMethod);
        return rpcName is null ? request : request.With("Mcp-Name: " + rpcName);
    }

    public static HostileRequest Get(string name, string target = "/mcp") =>
        new HostileRequest(name, "GET", target, null).With("Accept: text/event-stream");

    public static HostileRequest Send(string name, string method, string target = "/mcp") => new(name, method, target, null);

    /// <summary>Returns a request with exactly this text, with CRLF for each newline.</summary>
    public static HostileRequest Verbatim(string name, string text) =>
        new(name, "", "", null) { _verbatim = Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n")) };

    /// <summary>Sets a header. It replaces a header with the same name.</summary>
    public HostileRequest With(string header) => Without(header.Split(':')[0]).And(header);

    /// <summary>Adds a header, even if a header with the same name exists.</summary>
    public HostileRequest And(string header)
    {
        _headers.Add(header);
        return this;
    }

    public HostileRequest Without(string header)
    {
        _headers.RemoveAll(each => each.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase));
        return this;
    }

    /// <summary>Sends the body in chunks of 1,000 bytes, without a Content-Length header.</summary>
    public HostileRequest Chunked()
    {
        var chunks = new StringBuilder();
        foreach (var chunk in Encoding.Latin1.GetString(body!).Chunk(1000))
        {
            chunks.Append(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n").Append(chunk).Append("\r\n");
        }

        body = Encoding.Latin1.GetBytes(chunks.Append("0\r\n\r\n").ToString());
        return Without("Content-Length").And("Transfer-Encoding: chunked");
    }

    public HostileRequest ThenEnds()
    {
        Ends = true;
        return this;
    }

    public HostileRequest Lingering()
    {
        Lingers = true;
        return this;
    }

    /// <summary>Expects a JSON-RPC error.</summary>
    public HostileRequest Answers(int status, int code)
    {
        (Status, Code) = (status, code);
        return this;
    }

    /// <summary>Expects a JSON-RPC result.</summary>
    public HostileRequest Succeeds()
    {
        (Status, HasResult) = (200, true);
        return this;
    }

    /// <summary>Expects a status, for a response without JSON-RPC or a request that the web server rejects before the pipeline.</summary>
    public HostileRequest Answers(int status)
    {
        Status = status;
        return this;
    }

    public byte[] ToBytes(Uri url, string session)
    {
        if (_verbatim is not null)
        {
            return Encoding.Latin1.GetBytes(Fill(Encoding.Latin1.GetString(_verbatim)));
        }

        var head = Fill($"{method} {target} HTTP/1.1\r\n{string.Join("\r\n", _headers)}\r\n\r\n");
        return [.. Encoding.UTF8.GetBytes(head), .. body ?? []];

        string Fill(string text) =>
            text.Replace("{host}", url.Authority, StringComparison.Ordinal).Replace("{session}", session, StringComparison.Ordinal);
    }

    public override string ToString() => name;
}
