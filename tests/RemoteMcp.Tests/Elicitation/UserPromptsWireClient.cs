using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace RemoteMcp.Tests.Elicitation;

/// <summary>Sends requests of 2026-07-28 as a hostile client does.</summary>
internal sealed class UserPromptsWireClient(UserPromptsHost host) : IDisposable
{
    private readonly HttpClient _http = new();

    /// <summary>The user that the client is signed in as.</summary>
    public string? User { get; init; }

    /// <summary>Sends one request and reads its result, or its error.</summary>
    public async Task<Reply> SendAsync(string method, string name, object? arguments = null, string? state = null, JsonNode? answers = null)
    {
        var parameters = new JsonObject
        {
            [method == "resources/read" ? "uri" : "name"] = name,
            ["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject
                {
                    ["elicitation"] = new JsonObject { ["form"] = new JsonObject(), ["url"] = new JsonObject() },
                },
            },
        };
        if (arguments is not null)
        {
            parameters["arguments"] = JsonSerializer.SerializeToNode(arguments);
        }

        if (state is not null)
        {
            parameters["requestState"] = state;
        }

        if (answers is not null)
        {
            parameters["inputResponses"] = answers;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, host.Endpoint)
        {
            Content = JsonContent.Create(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters }),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        request.Headers.Add("Mcp-Name", name);
        if (User is not null)
        {
            request.Headers.Add(UserPromptsHost.UserHeader, User);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var data = body.StartsWith('{')
            ? body
            : body.Split('\n').Last(line => line.StartsWith("data: {", StringComparison.Ordinal))["data: ".Length..];
        return new Reply(JsonNode.Parse(data)!);
    }

    public Task<Reply> CallAsync(string tool, object? arguments = null, string? state = null, JsonNode? answers = null) =>
        SendAsync("tools/call", tool, arguments ?? new { }, state, answers);

    public void Dispose() => _http.Dispose();

    /// <summary>Creates the answer to the question <paramref name="key"/>.</summary>
    public static JsonObject Confirm(string key = "q1", bool yes = true) => new()
    {
        [key] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["confirm"] = yes } },
    };

    /// <summary>The response.</summary>
    internal sealed record Reply(JsonNode Message)
    {
        public string? State => (string?)Message["result"]?["requestState"];

        public string? Text => (string?)Message["result"]?["content"]?[0]?["text"];

        public bool IsToolError => (bool?)Message["result"]?["isError"] is true;

        public int? ErrorCode => (int?)Message["error"]?["code"];

        public string? Error => (string?)Message["error"]?["message"];

        /// <summary>The question that is asked.</summary>
        public string? Asked => (string?)Message["result"]?["inputRequests"]?.AsObject().Single().Value?["params"]?["message"];

        public string AskedFor(string key) => (string)Message["result"]!["inputRequests"]![key]!["params"]!["message"]!;
    }
}
