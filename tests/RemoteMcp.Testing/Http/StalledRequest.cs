using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RemoteMcp.Testing.Http;

/// <summary>Represents a POST request to <c>/mcp</c> whose client sends a part of the body and then stops.</summary>
internal sealed class StalledRequest : IDisposable
{
    private readonly TcpClient _client = new();

    private StalledRequest()
    {
    }

    /// <summary>Sends a part of a request.</summary>
    /// <param name="url">The URL of the server.</param>
    /// <param name="token">The bearer token; <see langword="null"/> for no token.</param>
    /// <param name="length">The Content-Length.</param>
    /// <param name="sent">The number of bytes of the body to send.</param>
    /// <param name="cancellationToken">The token that cancels the request.</param>
    public static async Task<StalledRequest> SendAsync(
        Uri url, string? token, int length, int sent, CancellationToken cancellationToken)
    {
        var request = new StalledRequest();
        await request._client.ConnectAsync(url.Host, url.Port, cancellationToken);
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /mcp HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/json\r\n"
                + $"Content-Length: {length}\r\n{authorization}\r\n");
        var body = Encoding.ASCII.GetBytes("{\"jsonrpc\":\"2.0\",\"x\":\"" + new string('x', 8192));
        try
        {
            await request._client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
            for (var rest = sent; rest > 0; rest -= body.Length)
            {
                // The second part continues the string of the first.
                await request._client.GetStream().WriteAsync(body.AsMemory(0, Math.Min(rest, body.Length)), cancellationToken);
                body.AsSpan().Fill((byte)'x');
            }
        }
        catch (IOException)
        {
            // The server has refused the request and closed the connection.
        }

        return request;
    }

    /// <summary>Reads the beginning of the response, or an empty string if the server closed the connection.</summary>
    public async Task<string> ResponseAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        try
        {
            var read = await _client.GetStream().ReadAsync(buffer, cancellationToken);
            return Encoding.ASCII.GetString(buffer, 0, read);
        }
        catch (IOException)
        {
            return "";
        }
    }

    public void Dispose() => _client.Dispose();
}
