using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>Reads the body of a POST request once. It rejects a body that is not JSON or exceeds the configured size.</summary>
internal static class RequestBody
{
    private const int MaxInitialBufferSize = 64 * 1024;

    public static IApplicationBuilder UseRequestBody(this IApplicationBuilder app)
    {
        var limit = app.ApplicationServices.GetRequiredService<IOptions<HttpOptions>>().Value.MaxRequestBytes;
        return app.Use((context, next) => HttpMethods.IsPost(context.Request.Method) ? ReadAsync(context, next, limit) : next(context));
    }

    private static async Task ReadAsync(HttpContext context, RequestDelegate next, int limit)
    {
        var request = context.Request;
        if (!IsUtf8Json(request))
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, ProtocolError.Refused,
                "Unsupported Media Type: send the JSON-RPC message as Content-Type: application/json, in UTF-8 and without "
                    + "Content-Encoding.");
            return;
        }

        if (request.ContentLength > limit || await TryBufferAsync(request, limit, context.RequestAborted) is not { } body)
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, ProtocolError.Refused,
                $"Payload Too Large: a request body may have {limit} bytes at most. Operators set the limit in "
                    + "RemoteMcp:Http:MaxRequestBytes.");
            return;
        }

        // The content type was checked above. The SDK accepts fewer spellings of UTF-8.
        request.ContentType = "application/json";
        BufferedBody.Set(context, body);
        await next(context);
    }

    private static bool IsUtf8Json(HttpRequest request) =>
        request.HasJsonContentType()
        && request.Headers.ContentEncoding.Count == 0
        && (request.GetTypedHeaders().ContentType?.Charset is not { HasValue: true } charset
            || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    private static async Task<ArraySegment<byte>?> TryBufferAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        // The last read finds the end of the body and needs free space in the buffer. The additional byte provides it, so that the buffer
        // does not grow. The upper limit prevents a large Content-Length from allocating memory before the data arrives.
        var buffer = new byte[Math.Clamp((request.ContentLength ?? 0) + 1, 512, MaxInitialBufferSize)];
        var length = 0;
        while (await ReadAsync(request, buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > limit)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, limit + 1));
            }
        }

        return new ArraySegment<byte>(buffer, 0, length);
    }

    private static async ValueTask<int> ReadAsync(HttpRequest request, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // Kestrel throws a plain IOException if the size of a chunk overflows.
            throw new BadHttpRequestException("The request body could not be read.", exception);
        }
    }
}
