using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>Keeps quiet event streams open through proxies that cut silent connections.</summary>
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

            // Writes what a handler may have left in the replaced feature's pipe.
            await replaced.Writer.FlushAsync(CancellationToken.None);
        });
    }
}
