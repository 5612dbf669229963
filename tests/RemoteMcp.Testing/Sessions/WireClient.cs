using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace RemoteMcp.Testing.Sessions;

/// <summary>A client that selects the instance for each request.</summary>
internal sealed class WireClient : IDisposable
{
    // A client that leaves a stream closes its connection immediately.
    private readonly HttpClient _http =
        new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { Timeout = TimeSpan.FromMinutes(1) };

    public string? Session { get; set; }

    /// <summary>The session id that the server uses internally, without the checksum.</summary>
    public string InternalSessionId => Session![..Session!.LastIndexOf('.')];

    public string Version { get; set; } = "2025-11-25";

    /// <summary>The caller, for <see cref="InProcessFleet.CallerHeader"/>.</summary>
    public string? Caller { get; set; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task InitializeAsync(Uri url, string capabilities = """{"elicitation":{}}""")
    {
        var response = await PostAsync(
            url,
            """{"jsonrpc":"2.0","id":"init","method":"initialize","params":"""
                + $$"""{"protocolVersion":"{{Version}}","capabilities":{{capabilities}},"clientInfo":{"name":"wire","version":"1"} } }""");
        response.EnsureSuccessStatusCode();
        Session = response.Headers.GetValues("Mcp-Session-Id").Single();
        // Read the response to its end. A client that stops at the answer can disconnect before the request has ended.
        _ = await ReadAsync(response).LastAsync(static e => e.Message is not null, Cancellation);
        (await PostAsync(url, """{"jsonrpc":"2.0","method":"notifications/initialized"}""")).EnsureSuccessStatusCode();
    }

    public Task<HttpResponseMessage> PostAsync(Uri url, string body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") });

    public Task<HttpResponseMessage> CallAsync(Uri url, int id, string tool, string arguments = "{}") =>
        PostAsync(
            url,
            $$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":"""
                + $$"""{"name":"{{tool}}","arguments":{{arguments}},"_meta":{"progressToken":"t{{id}}"} } }""");

    /// <summary>Calls a tool as clients of 2026-07-28 do, without the session.</summary>
    public async Task<string> StatelessTextAsync(Uri url, string tool, string arguments = "{}")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent($$$"""
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},
                "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},
                "io.modelcontextprotocol/clientInfo":{"name":"wire","version":"1"} } } }
                """, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", tool);
        using var response = await SendAsync(request);
        response.EnsureSuccessStatusCode();
        return Text(await AnswerAsync(response, 1));
    }

    /// <summary>Calls a tool and returns the text of its result.</summary>
    public async Task<string> TextAsync(Uri url, int id, string tool, string arguments = "{}")
    {
        using var response = await CallAsync(url, id, tool, arguments);
        response.EnsureSuccessStatusCode();
        return Text(await AnswerAsync(response, id));
    }

    public Task<HttpResponseMessage> GetAsync(Uri url, string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return SendAsync(request);
    }

    public Task<HttpResponseMessage> DeleteAsync(Uri url) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, url));

    public static async Task<JsonNode> AnswerAsync(HttpResponseMessage response, int id) =>
        (await ReadAsync(response)
            .Select(static e => e.Message)
            .FirstAsync(m => m?["id"] is { } other && other.ToJsonString() == $"{id}", Cancellation))!;

    public static string Text(JsonNode answer) => answer["result"]?["content"]?[0]?["text"]?.GetValue<string>() ?? answer.ToJsonString();

    /// <summary>Reads the events of a response. Reading fails after two minutes, because the stream then hangs.</summary>
    public static IAsyncEnumerable<(string? Id, JsonNode? Message)> ReadAsync(HttpResponseMessage response) =>
        ParseAsync(response, Cancellation);

    private static async IAsyncEnumerable<(string? Id, JsonNode? Message)> ParseAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(2));
        await using var body = await response.Content.ReadAsStreamAsync(bound.Token);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(bound.Token))
        {
            yield return (item.EventId, item.Data.Length == 0 ? null : JsonNode.Parse(item.Data));
        }
    }

    /// <summary>Returns the next prompt of a stream.</summary>
    public static async Task<JsonNode> NextRequestAsync(IAsyncEnumerator<(string? Id, JsonNode? Message)> events)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Message?["method"]?.GetValue<string>() == "elicitation/create")
            {
                return events.Current.Message;
            }
        }

        throw new InvalidOperationException("The stream ended without a request.");
    }

    /// <summary>Returns the text of a call's answer from the rest of its stream.</summary>
    public static async Task<string> TextOfAnswerAsync(IAsyncEnumerator<(string? Id, JsonNode? Message)> events, int id)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Message is { } message && message["method"] is null && message["id"]?.ToJsonString() == $"{id}")
            {
                return Text(message);
            }
        }

        throw new InvalidOperationException("The stream ended without the answer.");
    }

    /// <summary>Answers a prompt as its user would.</summary>
    public async Task<HttpStatusCode> AnswerPromptAsync(Uri url, JsonNode prompt, string answer)
    {
        using var response = await PostAsync(
            url,
            $$"""{"jsonrpc":"2.0","id":{{prompt["id"]!.ToJsonString()}},"result":"""
                + $$"""{"action":"accept","content":{"answer":"{{answer}}"} } }""");
        return response.StatusCode;
    }

    public void Dispose() => _http.Dispose();

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (Caller is not null)
        {
            request.Headers.Add(InProcessFleet.CallerHeader, Caller);
        }

        if (Session is not null && !request.Headers.Contains("MCP-Protocol-Version"))
        {
            request.Headers.Add("Mcp-Session-Id", Session);
            request.Headers.Add("MCP-Protocol-Version", Version);
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }
}
