using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace RemoteMcp.Testing.Http;

/// <summary>Sends HTTP/1.1 requests byte for byte, for requests that <see cref="HttpClient"/> would reject or correct.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(25);

    /// <summary>Writes the bytes to a new connection and reads the response.</summary>
    /// <param name="url">The URL of the server.</param>
    /// <param name="request">The bytes of the request.</param>
    /// <param name="endAfterRequest">Whether to close the sending half of the connection after the request.</param>
    /// <param name="readToEnd">Whether to read until the server closes the connection, instead of until one response is complete.</param>
    /// <exception cref="OperationCanceledException">The server did not complete a response or close the connection within 25 s.</exception>
    public static async Task<RawResponse> SendAsync(
        Uri url, ReadOnlyMemory<byte> request, bool endAfterRequest = false, bool readToEnd = true)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(s_bound);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, bound.Token);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request, bound.Token);
            if (endAfterRequest)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // The server responded and closed the connection before it read the whole request. The test needs only the response.
        }

        return await ReadAsync(stream, readToEnd, bound.Token);
    }

    private static async Task<RawResponse> ReadAsync(NetworkStream stream, bool toEnd, CancellationToken cancellationToken)
    {
        var answer = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                answer.Write(buffer, 0, read);
                if (!toEnd && RawResponse.Parse(answer.ToArray()) is { IsComplete: true } response)
                {
                    return response;
                }
            }
        }
        catch (IOException)
        {
            // The server reset the connection. The data before the reset is the response.
        }

        return RawResponse.Parse(answer.ToArray());
    }
}

/// <param name="Status">The status of the first response; 0 if the server closed the connection without a response.</param>
/// <param name="Headers">The header block of the first response.</param>
/// <param name="Body">The decoded body of the first response.</param>
/// <param name="Rest">The data after the first response.</param>
/// <param name="IsComplete">Whether the first response is complete.</param>
internal sealed record RawResponse(int Status, string Headers, string Body, string Rest, bool IsComplete)
{
    public static RawResponse Parse(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var endOfHead = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (endOfHead < 0)
        {
            return new RawResponse(0, text, "", "", false);
        }

        var head = text[..endOfHead];
        var rest = text[(endOfHead + 4)..];
        var status = int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture);
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            return ParseChunks(status, head, rest);
        }

        var length = head.Split("\r\n")
            .FirstOrDefault(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } header
                ? int.Parse(header.Split(':')[1], CultureInfo.InvariantCulture)
                : int.MaxValue;
        return rest.Length < length
            ? new RawResponse(status, head, Decode(rest), "", false)
            : new RawResponse(status, head, Decode(rest[..length]), rest[length..], true);
    }

    private static RawResponse ParseChunks(int status, string head, string rest)
    {
        var body = new StringBuilder();
        while (rest.IndexOf("\r\n", StringComparison.Ordinal) is >= 0 and var line)
        {
            var length = int.Parse(rest[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            rest = rest[(line + 2)..];
            if (rest.Length < length + 2)
            {
                break;
            }

            body.Append(rest[..length]);
            rest = rest[(length + 2)..];
            if (length == 0)
            {
                return new RawResponse(status, head, Decode(body.ToString()), rest, true);
            }
        }

        return new RawResponse(status, head, Decode(body.ToString()), "", false);
    }

    private static string Decode(string latin1) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin1));
}
