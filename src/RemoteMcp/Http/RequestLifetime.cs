using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>Bounds every request: by the server's shutdown and by the longest time a request may take.</summary>
internal static class RequestLifetime
{
    public const string ShuttingDown = "The server is shutting down; call again.";
    private const string TookTooLong = "The request was open for as long as this server allows (RemoteMcp:Http:MaxRequestTime); call again.";

    // A request whose time is over and that does not end by itself (a tool ignores cancellation) is cut off from its client then.
    private static readonly TimeSpan CutAfter = TimeSpan.FromSeconds(1);

    public static IApplicationBuilder UseRequestLifetime(this IApplicationBuilder app)
    {
        var shutdown = app.ApplicationServices.GetRequiredService<Shutdown>();
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var longest = app.ApplicationServices.GetRequiredService<IOptions<HttpOptions>>().Value.MaxRequestTime;
        return app.Use(async (context, next) =>
        {
            if (shutdown.Stopping.IsCancellationRequested)
            {
                throw new RequestEndedException(ShuttingDown);
            }

            var aborted = context.RequestAborted;
            using var tooLong = new CancellationTokenSource(longest, time);
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted, shutdown.GraceOver, tooLong.Token);
            using var cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            using var abort = cut.Token.UnsafeRegister(static state => ((HttpContext)state!).Abort(), context);
            using var ending = ends.Token.UnsafeRegister(static state => ((CancellationTokenSource)state!).CancelAfter(CutAfter), cut);
            context.RequestAborted = ends.Token;
            try
            {
                await next(context);
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested && !aborted.IsCancellationRequested)
            {
                throw new RequestEndedException(tooLong.IsCancellationRequested ? TookTooLong : ShuttingDown);
            }
            finally
            {
                context.RequestAborted = aborted;
            }
        });
    }
}

/// <summary>The server ended a request; the message tells the client why, and that it may call again.</summary>
internal sealed class RequestEndedException(string message) : Exception(message)
{
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}
