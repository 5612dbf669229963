using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace RemoteMcp.EndToEnd.Wire;

/// <summary>
/// An HTTP client of one revision without an SDK, for one conversation. The conversation takes at most 30 seconds by default.
/// </summary>
internal sealed class HttpWire : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly Uri _endpoint;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public HttpWire(Uri endpoint, TimeSpan? limit = null)
    {
        _endpoint = endpoint;
        _limit.CancelAfter(limit ?? s_limit);
    }

    /// <summary>The headers of all following requests.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Ends the conversation when the test ends or the time limit expires.</summary>
    public CancellationToken Cancellation => _limit.Token;

    public Task<HttpResponseMessage> PostAsync(JsonNode message, params (string Name, string Value)[] headers) =>
        PostAsync(_endpoint, message, headers);

    public async Task<HttpResponseMessage> PostAsync(Uri uri, JsonNode message, params (string Name, string Value)[] headers)
    {
        using var request = NewRequest(HttpMethod.Post, uri, headers);
        request.Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    public async Task<HttpResponseMessage> GetStreamAsync()
    {
        using var request = NewRequest(HttpMethod.Get, _endpoint, []);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    public async Task<HttpResponseMessage> DeleteAsync()
    {
        using var request = NewRequest(HttpMethod.Delete, _endpoint, []);
        return await _http.SendAsync(request, Cancellation);
    }

    /// <summary>Posts a request and reads its response as JSON or from a stream.</summary>
    public async Task<JsonElement> AskAsync(JsonObject request, params (string Name, string Value)[] headers)
    {
        using var response = await PostAsync(request, headers);
        Assert.True(
            response.IsSuccessStatusCode,
            $"{response.StatusCode}: {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(Cancellation))}");
        return await ReadAnswerAsync(response, request["id"]!.GetValue<int>());
    }

    public async Task<JsonElement> ReadAnswerAsync(HttpResponseMessage response, int id)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            return JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        }

        await foreach (var item in EventsAsync(response))
        {
            if (item.Data.Length > 0 && JsonElement.Parse(item.Data) is var message && message.IsAnswerTo(id))
            {
                return message;
            }
        }

        throw new InvalidOperationException($"The stream ended without an answer to {id}.");
    }

    public async IAsyncEnumerable<SseItem<string>> EventsAsync(HttpResponseMessage response)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(Cancellation))
        {
            yield return item;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _limit.Dispose();
    }

    private HttpRequestMessage NewRequest(HttpMethod method, Uri uri, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, uri);
        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
