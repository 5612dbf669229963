using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Protocol;

namespace RemoteMcp.Http;

/// <summary>
/// Writes the error response to a rejected HTTP request: a JSON-RPC error with the id of the request, or without an id if there is none.
/// </summary>
internal static class ProtocolError
{
    /// <summary>
    /// The implementation-defined error code for requests that are rejected before JSON-RPC processing (JSON-RPC 2.0, section 5.1).
    /// </summary>
    public const int Refused = -32000;

    /// <summary>The error code that clients with sessions recognize as "session not found". The SDKs use the same code.</summary>
    public const int SessionNotFound = -32001;

    public static Task WriteAsync(HttpContext context, int status, int code, string message) =>
        WriteAsync(context, status, new JsonRpcErrorDetail { Code = code, Message = message });

    public static Task WriteAsync(HttpContext context, int status, JsonRpcErrorDetail error)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : JsonSerializer.SerializeAsync(
                response.Body,
                Create(context.Features.Get<JsonRpcEnvelope>()?.Id ?? default, error),
                ErrorJson.TypeInfo(inBatch: context.Features.Get<BatchMember>() is not null),
                context.RequestAborted);
    }

    /// <summary>Writes a 503 response.</summary>
    /// <param name="context">The request.</param>
    /// <param name="retryAfter">
    /// The value of <c>Retry-After</c>; <see langword="null"/> if a client must not send the request again without a check.
    /// </param>
    /// <param name="message">The message of the error.</param>
    public static Task WriteUnavailableAsync(HttpContext context, TimeSpan? retryAfter, string message)
    {
        if (retryAfter is { } delay)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, (int)McpErrorCode.InternalError, message);
    }

    /// <summary>
    /// Closes the connection after the response, if the client is still sending a body that the server does not read (RFC 9112,
    /// section 9.6). HTTP/2 has no such header: it ends one stream without the connection.
    /// </summary>
    public static void CloseConnection(HttpContext context)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }
    }

    /// <summary>Writes an error as an event of a stream that has already started. The error is the response to one request.</summary>
    public static async Task WriteEventAsync(
        HttpContext context, RequestId id, int code, string message, CancellationToken cancellationToken)
    {
        var body = context.Response.Body;
        await body.WriteAsync("event: message\ndata: "u8.ToArray(), cancellationToken);
        await JsonSerializer.SerializeAsync(
            body, Create(id, new() { Code = code, Message = message }), ErrorJson.TypeInfo(inBatch: false), cancellationToken);
        await body.WriteAsync("\n\n"u8.ToArray(), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }

    private static JsonRpcError Create(RequestId id, JsonRpcErrorDetail error) => new()
    {
        Id = id,
        Error = error,
    };
}
