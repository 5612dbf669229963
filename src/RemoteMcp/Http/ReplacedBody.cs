using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Http;

/// <summary>Lets the rest of the pipeline read the body of a request through another stream.</summary>
internal static class ReplacedBody
{
    /// <summary>Runs the rest of the pipeline, and then restores the body of the request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">The stream that reads the body. This method disposes of it.</param>
    /// <param name="next">The rest of the pipeline.</param>
    public static async Task RunAsync(HttpContext context, ReadOnlyStream body, RequestDelegate next)
    {
        var original = context.Request.Body;
        await using var replaced = body;
        context.Request.Body = body;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Body = original;
        }
    }
}
