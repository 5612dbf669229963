using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol;

namespace RemoteMcp.Http;

/// <summary>
/// Reads the body of a POST once, up to the configured size, and puts its <see cref="JsonRpcEnvelope"/> beside it. What is no JSON-RPC
/// message is answered here, before a session or a tool is touched.
/// </summary>
internal static class RequestBody
{
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
                "Unsupported Media Type: send the JSON-RPC message as Content-Type: application/json, in UTF-8 and without Content-Encoding.");
            return;
        }

        if (request.ContentLength > limit || await TryBufferAsync(request, limit, context.RequestAborted) is not { } body)
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, ProtocolError.Refused,
                $"Payload Too Large: a request body may have {limit} bytes at most. Operators set the limit in RemoteMcp:Http:MaxRequestBytes.");
            return;
        }

        try
        {
            context.Features.Set(JsonRpcEnvelope.Read(body));
        }
        catch (JsonException exception)
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, (int)McpErrorCode.ParseError,
                $"Parse error: the request body is not a JSON-RPC message: {Describe(exception)}.");
            return;
        }

        request.Body = new MemoryStream(body.Array!, body.Offset, body.Count, writable: false, publiclyVisible: true);
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
        // One byte more than announced, so that the read that finds the end needs no larger buffer.
        var buffer = new byte[Math.Max((int)(request.ContentLength ?? 0) + 1, 512)];
        var length = 0;
        while (await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > limit)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        return new ArraySegment<byte>(buffer, 0, length);
    }

    private static string Describe(JsonException exception) =>
        exception.BytePositionInLine is { } position ? $"invalid JSON at line {exception.LineNumber + 1}, byte {position + 1} (nesting deeper than {JsonRpcEnvelope.MaxDepth} is refused too)"
        : exception.Message;
}
