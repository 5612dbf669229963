using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using RemoteMcp.Configuration;
using RemoteMcp.Protocol;

namespace RemoteMcp.Http;

/// <summary>
/// Replaces the errors of the SDK's endpoint that do not have the right id: the SDK writes a null id where MCP omits the id, and it does
/// not return the id of a request with an unacceptable <c>Accept</c> header.
/// </summary>
internal static class SdkErrors
{
    public static IApplicationBuilder UseSdkErrors(this IApplicationBuilder app) => app.Use(static (context, next) =>
        !context.Request.Path.StartsWithSegments(RemoteMcpOptions.McpPath, out var rest) || rest.Value is not ("" or "/") ? next(context)
        : context.Features.Get<JsonRpcEnvelope>() is not { IsRequest: true } ? RewriteAsync(context, next)
        : Accepts(context.Request) ? next(context)
        : ProtocolError.WriteAsync(context, StatusCodes.Status406NotAcceptable, ProtocolError.Refused,
            "Not Acceptable: the Accept header must list both application/json and text/event-stream."));

    // "The client MUST include an Accept header, listing both application/json and text/event-stream as supported content types."
    // (2025-11-25, Transports)
    private static bool Accepts(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Contains(accepted, "application/json") && Contains(accepted, "text/event-stream");
    }

    private static bool Contains(IList<MediaTypeHeaderValue> accepted, string type)
    {
        foreach (var range in accepted)
        {
            if (range.MatchesMediaType(type))
            {
                return true;
            }
        }

        return false;
    }

    // A message without an id gets an empty response or an error, and never a stream. The same is true for GET and DELETE requests that
    // reach the SDK.
    private static async Task RewriteAsync(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        var body = response.Body;
        using var written = new MemoryStream();
        response.Body = written;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        if (written.Length == 0)
        {
            return;
        }

        written.Position = 0;
        if (response.StatusCode >= 400
            && JsonSerializer.Deserialize(written, ErrorJson.TypeInfo(inBatch: false)) is { Error: { } error })
        {
            response.ContentLength = null;
            await ProtocolError.WriteAsync(context, response.StatusCode, error);
        }
        else
        {
            await written.CopyToAsync(body, context.RequestAborted);
        }
    }
}
