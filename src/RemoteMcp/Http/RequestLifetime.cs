using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Protocol;

namespace RemoteMcp.Http;

/// <summary>
/// Ends requests when the server shuts down, when the maximum duration of a request is over, and when the host cancels the invocation.
/// </summary>
internal static class RequestLifetime
{
    /// <summary>The error of a request that the server ended because it shuts down.</summary>
    public const string EndedByShutdown = $"{ShuttingDown} {UnknownOutcome.OfRequest}";

    private const string ShuttingDown = "The server is shutting down.";
    private const string TookTooLong = "The request reached the time limit of this server (RemoteMcp:Http:MaxRequestTime).";
    private const string EndedByHost = "The host of this server ended the request.";
    private const string NotBegun = "The server has not begun the request. Send it again.";

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets the time after which the server closes the connection of a cancelled request that continues, because a tool ignores the
    /// cancellation.
    /// </summary>
    public static TimeSpan AbortDelay { get; } = TimeSpan.FromSeconds(1);

    public static IApplicationBuilder UseRequestLifetime(this IApplicationBuilder app)
    {
        var shutdown = app.ApplicationServices.GetRequiredService<Shutdown>();
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var maxRequestTime = app.ApplicationServices.GetRequiredService<IOptions<HttpOptions>>().Value.MaxRequestTime;
        return app.Use(async (context, next) =>
        {
            if (shutdown.Stopping.IsCancellationRequested)
            {
                throw new RequestEndedException($"{ShuttingDown} {NotBegun}", s_retryAfter);
            }

            var clientLeft = context.RequestAborted;
            var invocation = context.Features.Get<HostInvocation>();
            var invocationCancelled = invocation?.Cancelled ?? CancellationToken.None;
            using var tooLong = new CancellationTokenSource(maxRequestTime, time);
            using var requestCancelled = CancellationTokenSource.CreateLinkedTokenSource(
                [clientLeft, shutdown.GraceOver, invocationCancelled, tooLong.Token]);
            using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            using var onAbort = abort.Token.UnsafeRegister(static state =>
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
            using var onRequestCancelled = requestCancelled.Token.UnsafeRegister(
                static state => ((CancellationTokenSource)state!).CancelAfter(AbortDelay), abort);
            context.RequestAborted = requestCancelled.Token;
            try
            {
                await next(context);
            }
            catch (OperationCanceledException) when (!clientLeft.IsCancellationRequested && Reason() is not null)
            {
                throw HasBegun(context)
                    ? new RequestEndedException($"{Reason()} {UnknownOutcome.OfRequest}", retryAfter: null)
                    : new RequestEndedException($"{Reason()} {NotBegun}", s_retryAfter);
            }
            finally
            {
                // After an abandoned request, the web server can already use the context for another request.
                if (invocation?.Abandoned.IsCompleted != true)
                {
                    context.RequestAborted = clientLeft;
                }
            }

            // Does not check `requestCancelled`: other code that the same shutdown cancels can throw before that token is cancelled.
            string? Reason() => tooLong.IsCancellationRequested ? TookTooLong
                : shutdown.Stopping.IsCancellationRequested ? ShuttingDown
                : invocationCancelled.IsCancellationRequested ? EndedByHost
                : null;
        });
    }

    // A message of the MCP endpoint begins only after its body was read. Requests of other endpoints may have begun at any time.
    private static bool HasBegun(HttpContext context) =>
        !HttpMethods.IsPost(context.Request.Method)
        || !context.Request.Path.StartsWithSegments(RemoteMcpOptions.McpPath)
        || context.Features.Get<JsonRpcEnvelope>() is not null
        || context.Features.Get<IUnansweredRequests>() is not null;
}

/// <summary>The exception that is thrown when the server ends or does not begin a request.</summary>
/// <param name="message">The message for the client.</param>
/// <param name="retryAfter">
/// The time after which the client can send the request again; <see langword="null"/> if the request may have been executed.
/// </param>
internal sealed class RequestEndedException(string message, TimeSpan? retryAfter) : Exception(message)
{
    public TimeSpan? RetryAfter => retryAfter;
}
