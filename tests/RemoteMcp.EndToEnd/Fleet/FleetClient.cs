using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>A client of 2025-11-25 without an SDK. It can select the instance of the fleet that receives a request.</summary>
internal sealed class FleetClient(Uri endpoint, CancellationToken cancellation) : IDisposable
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string Revision = "2025-11-25";

    /// <summary>The message that starts a session.</summary>
    public const string Initialize =
        $$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":"""
        + $$$"""{"protocolVersion":"{{{Revision}}}","capabilities":{"elicitation":{}},"clientInfo":{"name":"fleet","version":"1"} } }""";

    // A client that leaves a stream must close its connection immediately.
    private readonly HttpClient _http =
        new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { Timeout = TimeSpan.FromMinutes(3) };

    public string? Session { get; set; }

    /// <summary>The access token, if the fleet requires one.</summary>
    public string? Token { get; set; }

    public async Task InitializeAsync(int? instance = null)
    {
        using var response = await PostAsync(instance, Initialize);
        response.EnsureSuccessStatusCode();
        await AnswerAsync(response, 0);
        Session = response.Headers.GetValues(SessionHeader).Single();
        using var initialized = await PostAsync(instance, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        initialized.EnsureSuccessStatusCode();
    }

    public Task<HttpResponseMessage> PostAsync(int? instance, string body) =>
        SendAsync(
            instance,
            new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(body, Encoding.UTF8, "application/json") });

    public Task<HttpResponseMessage> CallAsync(int? instance, int id, string tool, string arguments = "{}") =>
        PostAsync(
            instance,
            $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":"""
            + $$$"""{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{"progressToken":"t{{{id}}}"} } }""");

    public Task<HttpResponseMessage> GetAsync(int? instance, string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return SendAsync(instance, request);
    }

    public Task<HttpResponseMessage> DeleteAsync(int? instance) => SendAsync(instance, new HttpRequestMessage(HttpMethod.Delete, endpoint));

    /// <summary>Calls a tool and returns the text of its result.</summary>
    public async Task<string> TextAsync(int? instance, int id, string tool, string arguments = "{}")
    {
        using var response = await CallAsync(instance, id, tool, arguments);
        response.EnsureSuccessStatusCode();
        return Text(await AnswerAsync(response, id));
    }

    /// <summary>Answers a prompt as the user would.</summary>
    public async Task<HttpStatusCode> AnswerPromptAsync(int? instance, FleetEvent prompt, string name)
    {
        var id = prompt.Message!["id"]!.ToJsonString();
        using var response = await PostAsync(
            instance,
            $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"action":"accept","content":{"username":"{{{name}}}","email":"a@b.c"} } }""");
        return response.StatusCode;
    }

    public async Task<JsonNode> AnswerAsync(HttpResponseMessage response, int id) =>
        (await ReadAsync(response).FirstAsync(each => each.IsAnswerTo(id), cancellation)).Message!;

    public IAsyncEnumerable<FleetEvent> ReadAsync(HttpResponseMessage response) => ParseAsync(response, cancellation);

    public static string Text(JsonNode answer) => (string?)answer["result"]?["content"]?[0]?["text"] ?? answer.ToJsonString();

    public void Dispose() => _http.Dispose();

    private static async IAsyncEnumerable<FleetEvent> ParseAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            yield return new FleetEvent(item.EventId, item.Data.Length == 0 ? null : JsonNode.Parse(item.Data));
        }
    }

    private Task<HttpResponseMessage> SendAsync(int? instance, HttpRequestMessage request)
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (instance is { } pinned)
        {
            request.Headers.Add(FleetProxy.PinHeader, $"{pinned}");
        }

        if (Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        if (Session is not null)
        {
            request.Headers.Add(SessionHeader, Session);
            request.Headers.Add("MCP-Protocol-Version", Revision);
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }
}
