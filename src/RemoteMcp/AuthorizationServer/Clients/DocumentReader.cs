using System.Globalization;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>Downloads a metadata document, within a size and a time.</summary>
internal sealed class DocumentReader(HttpMessageHandler handler, TimeProvider time) : IDisposable
{
    public const int MaxBytes = 5 * 1024;

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(handler);

    /// <summary>Downloads a document. The time limit includes DNS.</summary>
    /// <returns>The document, and how long it may be cached.</returns>
    /// <exception cref="ClientRefusedException">The host, the response, or its size is refused, or the response took too long.</exception>
    /// <exception cref="HttpRequestException">The connection failed.</exception>
    /// <exception cref="IOException">The connection failed while the document arrived.</exception>
    public async Task<(ReadOnlyMemory<byte> Json, TimeSpan Lifetime)> ReadAsync(Uri url)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.UserAgent.ParseAdd("RemoteMcp");
            request.Headers.ConnectionClose = true;
            // The wait ends on time even if the handler ignores the token.
            using var response = await _http.SendAsync(request, timeout.Token).WaitAsync(timeout.Token);
            Check(response);
            return (await ReadBodyAsync(response.Content, timeout.Token), DocumentLifetime.Of(response, time.GetUtcNow()));
        }
        catch (HttpRequestException exception) when (exception.InnerException is ClientRefusedException refused)
        {
            throw refused;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new ClientRefusedException(string.Create(
                CultureInfo.InvariantCulture, $"The document did not arrive within {Timeout.TotalSeconds} seconds."));
        }
    }

    public void Dispose() => _http.Dispose();

    private static void Check(HttpResponseMessage response)
    {
        if (response.StatusCode != System.Net.HttpStatusCode.OK)
        {
            throw new ClientRefusedException(string.Create(
                CultureInfo.InvariantCulture, $"The host must respond with status 200, but responded with {(int)response.StatusCode}."));
        }

        if (response.Content.Headers.ContentEncoding.Count > 0)
        {
            throw new ClientRefusedException("The document must be sent without compression (Content-Encoding).");
        }

        var mediaType = response.Content.Headers.ContentType?.MediaType;
        if (mediaType is null
            || !(mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || (mediaType.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                    && mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase))))
        {
            throw new ClientRefusedException("The document must be sent as Content-Type: application/json.");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        // One byte more than allowed shows that the document is too long, whatever Content-Length says.
        var buffer = new byte[MaxBytes + 1];
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)
            .AsTask().WaitAsync(cancellationToken);
        return length <= MaxBytes
            ? buffer.AsMemory(0, length)
            : throw new ClientRefusedException(string.Create(
                CultureInfo.InvariantCulture, $"The document may have {MaxBytes} bytes at most."));
    }
}
