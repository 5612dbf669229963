using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Http;

/// <summary>
/// Ends requests when the server shuts down, when the maximum duration of a request is over, and when the host ends the invocation.
/// </summary>
internal static class RequestLifetime
{
    public const string ShuttingDown = "The server is shutting down; call again.";
    private const string TookTooLong = "The request reached the time limit of this server (RemoteMcp:Http:MaxRequestTime); call again.";
    private const string EndedByHost = "The host of this server ended the request; call again.";

    // If a tool ignores cancellation, the request continues. Its connection is closed after this time.
    private static readonly TimeSpan s_cutAfter = TimeSpan.FromSeconds(1);

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
            var invocation = context.Features.Get<HostInvocation>();
            var hostEnds = invocation?.Ends ?? CancellationToken.None;
            using var tooLong = new CancellationTokenSource(longest, time);
            using var ends = CancellationTokenSource.CreateLinkedTokenSource([aborted, shutdown.GraceOver, hostEnds, tooLong.Token]);
            using var cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            using var abort = cut.Token.UnsafeRegister(static state =>
            {
                var (context, invocation) = ((HttpContext, HostInvocation?))state!;
                try
                {
                    context.Abort();
                }
                finally
                {
                    invocation?.Abandon();
                }
            }, (context, invocation));
            using var ending = ends.Token.UnsafeRegister(static state => ((CancellationTokenSource)state!).CancelAfter(s_cutAfter), cut);
            context.RequestAborted = ends.Token;
            try
            {
                await next(context);
            }
            catch (OperationCanceledException) when (!aborted.IsCancellationRequested && Reason() is not null)
            {
                throw new RequestEndedException(Reason()!);
            }
            finally
            {
                // The context of an abandoned request belongs to the web server again.
                if (invocation?.Abandoned.IsCompleted != true)
                {
                    context.RequestAborted = aborted;
                }
            }

            // Does not check `ends`: other code that the same shutdown cancels can throw before `ends` is cancelled.
            string? Reason() => tooLong.IsCancellationRequested ? TookTooLong
                : shutdown.Stopping.IsCancellationRequested ? ShuttingDown
                : hostEnds.IsCancellationRequested ? EndedByHost
                : null;
        });
    }
}

/// <summary>
/// The exception that is thrown when the server ends a request. Its message tells the client the reason and to call again.
/// </summary>
internal sealed class RequestEndedException(string message) : Exception(message)
{
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}
