using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Http;

/// <summary>
/// Ends requests whose bodies arrive too slowly, with 408. Kestrel enforces a data rate, but no deadline, and behind the Functions host it
/// receives the body from the host and not from the client.
/// </summary>
internal static class BodyPace
{
    // The body of a request outside of the MCP endpoint is a short form or document, and its caller is not known.
    private static readonly TimeSpan s_formTimeout = TimeSpan.FromSeconds(10);

    public static IApplicationBuilder UseBodyPace(this IApplicationBuilder app)
    {
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var timeout = app.ApplicationServices.GetRequiredService<IOptions<HttpOptions>>().Value.BodyTimeout;
        var formTimeout = timeout < s_formTimeout ? timeout : s_formTimeout;
        return app.Use((context, next) =>
        {
            var request = context.Request;
            return HttpMethods.IsGet(request.Method)
                ? next(context)
                : ReplacedBody.RunAsync(
                    context,
                    new PacedStream(
                        request.BodyReader, request.Path.StartsWithSegments(RemoteMcpOptions.McpPath) ? timeout : formTimeout, time),
                    next);
        });
    }
}
