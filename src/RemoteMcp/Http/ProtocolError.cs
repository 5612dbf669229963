using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.Protocol;

namespace RemoteMcp.Http;

/// <summary>Writes the one shape in which this server refuses an HTTP request: a JSON-RPC error that echoes the request's id.</summary>
internal static class ProtocolError
{
    /// <summary>The implementation-defined code for what HTTP refuses before JSON-RPC is reached (JSON-RPC 2.0, section 5.1).</summary>
    public const int Refused = -32000;

    /// <summary>The code that clients of sessions know as "session not found"; the SDKs use the same.</summary>
    public const int SessionNotFound = -32001;

    private static readonly JsonTypeInfo<JsonRpcError> ErrorTypeInfo = (JsonTypeInfo<JsonRpcError>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcError));

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
            : JsonSerializer.SerializeAsync(response.Body, Create(context.Features.Get<JsonRpcEnvelope>()?.Id ?? default, error), ErrorTypeInfo, context.RequestAborted);
    }

    public static Task WriteUnavailableAsync(HttpContext context, TimeSpan retryAfter, string message)
    {
        context.Response.Headers.RetryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, (int)McpErrorCode.InternalError, message);
    }

    /// <summary>Ends an event stream that has begun with an error in place of the answer.</summary>
    public static async Task WriteEventAsync(HttpContext context, RequestId id, int code, string message, CancellationToken cancellationToken)
    {
        var body = context.Response.Body;
        await body.WriteAsync("event: message\ndata: "u8.ToArray(), cancellationToken);
        await JsonSerializer.SerializeAsync(body, Create(id, new() { Code = code, Message = message }), ErrorTypeInfo, cancellationToken);
        await body.WriteAsync("\n\n"u8.ToArray(), cancellationToken);
        await body.FlushAsync(cancellationToken);
    }

    private static JsonRpcError Create(RequestId id, JsonRpcErrorDetail error) => new()
    {
        Id = id,
        Error = error,
    };
}
