using System.Diagnostics;
using System.Net.Http.Headers;

namespace RemoteMcp.Benchmarks.Functions;

/// <summary>Calls <c>list_directory</c> as a client of revision 2026-07-28, without an SDK and on one connection.</summary>
/// <param name="endpoint">The MCP endpoint.</param>
internal sealed class ToolCaller(Uri endpoint) : IDisposable
{
    /// <summary>The file that the response must contain.</summary>
    public const string File = "hello.txt";

    private const string Revision = "2026-07-28";
    private const string Tool = "list_directory";

    private static readonly byte[] s_call = """
        {
          "jsonrpc": "2.0", "id": 1, "method": "tools/call",
          "params": {
            "name": "list_directory", "arguments": {},
            "_meta": {
              "io.modelcontextprotocol/protocolVersion": "2026-07-28",
              "io.modelcontextprotocol/clientInfo": { "name": "benchmark", "version": "1.0.0" },
              "io.modelcontextprotocol/clientCapabilities": {}
            }
          }
        }
        """u8.ToArray();

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Makes one call.</summary>
    /// <returns>The time until the complete response arrived.</returns>
    /// <exception cref="InvalidOperationException">The response does not contain the file list.</exception>
    public async Task<TimeSpan> CallAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(s_call) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", Revision);
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", Tool);

        var start = Stopwatch.GetTimestamp();
        using var response = await _http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(start);

        return response.IsSuccessStatusCode && answer.Contains(File, StringComparison.Ordinal)
            ? elapsed
            : throw new InvalidOperationException($"The call failed: {response.StatusCode} {answer}");
    }

    public void Dispose() => _http.Dispose();
}
