using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Http;
using RemoteMcp.Protocol;

namespace RemoteMcp.Limits;

/// <summary>
/// Reads the body of a request once. Each limit is checked before the server pays for what it limits: the number of concurrent bodies
/// before the first byte is read, memory before it is allocated, and the number of values before objects are built from them.
/// </summary>
internal sealed class RequestBody(
    CallerLimits limits, RequestMemory memory, LimitErrors errors, IOptions<HttpOptions> http)
{
    private const int MaxInitialBufferSize = 64 * 1024;

    private readonly int _maxBytes = http.Value.MaxRequestBytes;

    public async Task ReadAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsUtf8Json(context.Request))
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, ProtocolError.Refused,
                "Unsupported Media Type: send the JSON-RPC message as Content-Type: application/json, in UTF-8 and without "
                    + "Content-Encoding.");
            return;
        }

        if (await TryReadAsync(context))
        {
            // The content type was checked above. The SDK accepts fewer spellings of UTF-8.
            context.Request.ContentType = "application/json";
            await next(context);
        }
    }

    private static bool IsUtf8Json(HttpRequest request) =>
        request.HasJsonContentType()
        && request.Headers.ContentEncoding.Count == 0
        && (request.GetTypedHeaders().ContentType?.Charset is not { HasValue: true } charset
            || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    private async Task<bool> TryReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > _maxBytes)
        {
            await RefuseSizeAsync(context);
            return false;
        }

        var caller = Caller.From(context.User);
        // Answers and cancellations are small. Everything else would be read and parsed, and then refused.
        if (request.ContentLength is null or > RequestMemory.SmallBody && limits.FindExhausted(caller) is { } exhausted)
        {
            await LimitErrors.RefuseBodyAsync(context, exhausted);
            return false;
        }

        using var reading = limits.BeginBody(caller);
        if (!reading.IsAcquired)
        {
            ProtocolError.CloseConnection(context);
            await errors.RefuseConcurrentAsync(context);
            return false;
        }

        // The last read finds the end of the body and needs free space in the buffer. The additional byte provides it, so that the buffer
        // does not grow. The upper limit prevents a large Content-Length from allocating memory before the data arrives.
        var size = (int)Math.Clamp((request.ContentLength ?? 0) + 1, 512, MaxInitialBufferSize);
        var permit = context.Features.GetRequiredFeature<RequestPermit>();
        if (memory.TryTake(caller, Math.Min(size, _maxBytes), size, permit) is { } exceeded)
        {
            await errors.RefuseMemoryAsync(context, exceeded);
            return false;
        }

        var buffer = new byte[size];
        var length = 0;
        var scan = new JsonScan();
        try
        {
            while (await ReadAsync(request, buffer.AsMemory(length), context.RequestAborted) is > 0 and var read)
            {
                length += read;
                if (length > _maxBytes)
                {
                    await RefuseSizeAsync(context);
                    return false;
                }

                if (length == buffer.Length)
                {
                    // The scan runs only when the buffer grows, so the parts of a long string are not scanned again after every read.
                    scan.Continue(buffer, isComplete: false);
                    var larger = (int)Math.Min(buffer.Length * 2L, _maxBytes + 1L);
                    // The additional byte is not counted.
                    var step = Math.Min(larger, _maxBytes) - buffer.Length;
                    if (step > 0 && memory.TryTake(caller, step, larger, permit) is { } full)
                    {
                        await errors.RefuseMemoryAsync(context, full);
                        return false;
                    }

                    Array.Resize(ref buffer, larger);
                }
            }
        }
        catch (JsonException exception)
        {
            ProtocolError.CloseConnection(context);
            await ProtocolError.WriteAsync(
                context, StatusCodes.Status400BadRequest, (int)McpErrorCode.ParseError, JsonRpcEnvelope.DescribeParseError(exception));
            return false;
        }

        BufferedBody.Set(context, new ArraySegment<byte>(buffer, 0, length));
        return true;
    }

    private Task RefuseSizeAsync(HttpContext context)
    {
        ProtocolError.CloseConnection(context);
        return ProtocolError.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, ProtocolError.Refused,
            $"Payload Too Large: a request body may have {_maxBytes} bytes at most. Operators set the limit in "
                + "RemoteMcp:Http:MaxRequestBytes.");
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
