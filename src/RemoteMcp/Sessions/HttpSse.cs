using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RemoteMcp.Http;

namespace RemoteMcp.Sessions;

/// <summary>
/// Mends the HTTP+SSE transport (MCP 2024-11-05) where the SDK leaves a client guessing: its POST endpoint is refused with bare strings, and
/// a stream opened with a trailing slash names a POST endpoint that does not exist.
/// </summary>
internal static class HttpSse
{
    private static readonly PathString Stream = RemoteMcpOptions.McpPath + "/sse";
    private static readonly PathString Messages = RemoteMcpOptions.McpPath + "/message";

    public static IApplicationBuilder UseHttpSse(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (Is(request.Path, Stream))
        {
            request.Path = Stream;
        }

        return HttpMethods.IsPost(request.Method) && Is(request.Path, Messages) ? AnswerMessageAsync(context, next) : next(context);
    });

    private static bool Is(PathString path, PathString endpoint) => path.StartsWithSegments(endpoint, out var rest) && rest.Value is "" or "/";

    private static async Task AnswerMessageAsync(HttpContext context, RequestDelegate next)
    {
        if (string.IsNullOrEmpty(context.Request.Query["sessionId"]))
        {
            await ProtocolError.WriteAsync(context, StatusCodes.Status400BadRequest, ProtocolError.Refused,
                "Bad Request: post to the URL that the stream's endpoint event names; its sessionId is missing.");
            return;
        }

        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var answer = new StreamResponseBodyFeature(new MemoryStream());
        context.Features.Set<IHttpResponseBodyFeature>(answer);
        try
        {
            await next(context);
            await answer.CompleteAsync();
        }
        finally
        {
            context.Features.Set(original);
        }

        if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
        {
            await context.Response.Body.WriteAsync(((MemoryStream)answer.Stream).GetBuffer().AsMemory(0, (int)answer.Stream.Length), context.RequestAborted);
            return;
        }

        context.Response.ContentLength = null;
        await ProtocolError.WriteAsync(context, StatusCodes.Status404NotFound, ProtocolError.SessionNotFound, "Session not found");
    }
}
