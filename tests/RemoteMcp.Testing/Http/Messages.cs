using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace RemoteMcp.Testing.Http;

/// <summary>Provides the valid messages of clients as text, so that a test can corrupt them.</summary>
internal static class Messages
{
    public const string Stateless = "2026-07-28";
    public const string Meta =
        """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},
        """
        + """
        "io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"}}
        """;
    public const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";
    public const string ListTools = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""";
    public static readonly string StatelessListTools = StatelessRequest("tools/list");

    public static string Initialize(string version = "2025-11-25", string capabilities = "{}") =>
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":"""
        + $$"""{"protocolVersion":"{{version}}","capabilities":{{capabilities}},"clientInfo":{"name":"t","version":"1"} } }""";

    public static string Call(string tool, string arguments = "{}", string id = "1") => $$"""
        {"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":{"name":"{{tool}}","arguments":{{arguments}} } }
        """;

    public static string StatelessRequest(string method, string fields = "") => $$"""
        {"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{ {{fields}}{{Meta}} } }
        """;

    public static string StatelessCall(string tool, string arguments = "{}") =>
        StatelessRequest("tools/call", $"\"name\":\"{tool}\",\"arguments\":{arguments},");

    public static HttpRequestMessage Post(string body, string? session = null, string path = "/mcp")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return request;
    }

    /// <summary>Adds a bearer token to a request, if the token is not null.</summary>
    public static HttpRequestMessage WithToken(this HttpRequestMessage request, string? token)
    {
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    /// <summary>Returns a request of 2026-07-28 with the headers that the revision requires.</summary>
    public static HttpRequestMessage PostStateless(string body)
    {
        var message = JsonNode.Parse(body)!;
        var request = Post(body);
        request.Headers.Add("MCP-Protocol-Version", Stateless);
        request.Headers.Add("Mcp-Method", (string)message["method"]!);
        if ((string?)message["params"]?["name"] is { } name)
        {
            request.Headers.Add("Mcp-Name", name);
        }

        return request;
    }

    public static HttpRequestMessage Get(string session)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("Mcp-Session-Id", session);
        return request;
    }

    /// <summary>Initializes a session and returns its id.</summary>
    public static async Task<string> InitializeAsync(this HttpClient client, string version = "2025-11-25", string capabilities = "{}")
    {
        using var response = await client.SendAsync(Post(Initialize(version, capabilities)), TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    public static Task<HttpResponseMessage> SendStreamedAsync(this HttpClient client, HttpRequestMessage request) =>
        client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    /// <summary>Returns the JSON of a plain response or of the last event of a stream.</summary>
    public static async Task<JsonNode> ReadMessageAsync(this HttpResponseMessage response) =>
        ParseMessage(response.Content.Headers.ContentType, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    public static JsonNode ParseMessage(MediaTypeHeaderValue? contentType, string body) =>
        JsonNode.Parse(contentType?.MediaType == "text/event-stream"
            ? body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Last(static e => e.Contains("data: {"))
                .Split('\n')
                .Single(static line => line.StartsWith("data: "))[6..]
            : body)!;
}
