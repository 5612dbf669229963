using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RemoteMcp.Http;

namespace RemoteMcp.Sessions;

/// <summary>
/// Gives refusals of the HTTP+SSE transport's POST endpoint the shape that all refusals have; the SDK answers there with a bare string.
/// </summary>
internal static class SseMessages
{
    private static readonly PathString Path = RemoteMcpOptions.McpPath + "/message";

    public static IApplicationBuilder UseSseMessages(this IApplicationBuilder app) => app.Use((context, next) =>
        HttpMethods.IsPost(context.Request.Method) && context.Request.Path.StartsWithSegments(Path, out var rest) && rest.Value is "" or "/"
            ? InvokeAsync(context, next)
            : next(context));

    private static async Task InvokeAsync(HttpContext context, RequestDelegate next)
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
