using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>
/// Ends requests whose bodies arrive too slowly, with 408. Kestrel enforces a data rate, but no deadline, and behind the Functions host it
/// receives the body from the host and not from the client.
/// </summary>
internal static class BodyPace
{
    public static IApplicationBuilder UseBodyPace(this IApplicationBuilder app)
    {
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var timeout = app.ApplicationServices.GetRequiredService<IOptions<HttpOptions>>().Value.BodyTimeout;
        return app.Use(async (context, next) =>
        {
            var request = context.Request;
            if (HttpMethods.IsGet(request.Method))
            {
                await next(context);
                return;
            }

            var original = request.Body;
            using var paced = new PacedStream(original, timeout, time);
            request.Body = paced;
            try
            {
                await next(context);
            }
            finally
            {
                request.Body = original;
            }
        });
    }
}
