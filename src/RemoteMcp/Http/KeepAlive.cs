using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>Sends comments on silent event streams, because proxies close connections that carry no data for some time.</summary>
internal static class KeepAlive
{
    public static IApplicationBuilder UseKeepAlive(this IApplicationBuilder app)
    {
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var interval = app.ApplicationServices.GetRequiredService<IOptions<HttpOptions>>().Value.KeepAlive;
        return app.Use(async (context, next) =>
        {
            var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
            await using var stream = new KeepAliveStream(original.Stream, context.Response, time, interval);
            var replacement = new StreamResponseBodyFeature(stream, original);
            context.Features.Set<IHttpResponseBodyFeature>(replacement);
            try
            {
                await next(context);
            }
            finally
            {
                context.Features.Set(original);
            }

            // Writes data that a handler left in the pipe of this feature.
            await replacement.Writer.FlushAsync(CancellationToken.None);
        });
    }
}
