using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>Keeps event streams open when proxies close connections without data.</summary>
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
            var replaced = new StreamResponseBodyFeature(stream, original);
            context.Features.Set<IHttpResponseBodyFeature>(replaced);
            try
            {
                await next(context);
            }
            finally
            {
                context.Features.Set(original);
            }

            // Writes data that a handler left in the pipe of the replaced feature.
            await replaced.Writer.FlushAsync(CancellationToken.None);
        });
    }
}
