using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RemoteMcp.Http;

namespace RemoteMcp.Limits;

/// <summary>
/// Responds to requests that exceed a limit: 429 for the limits of a caller (RFC 6585, section 4), and 503 for those of the process.
/// </summary>
internal sealed partial class LimitErrors(IOptions<LimitOptions> options, CallerLimits limits, ILogger<LimitErrors> logger)
{
    // A caller can send another request as soon as one of its requests ends.
    private const int ConcurrencyRetryAfterSeconds = 1;

    /// <summary>Describes the limit of concurrent calls.</summary>
    public string TooManyCalls =>
        $"Too Many Requests: this caller has {options.Value.ConcurrentRequests} concurrent requests, including open streams and calls that "
            + $"wait for the user. Try again when one of them has ended. {SetBy(nameof(LimitOptions.ConcurrentRequests))}";

    /// <summary>Refuses a request because of the limit of all messages per minute.</summary>
    public Task RefuseMessagesAsync(HttpContext context, RateLimitLease lease) => RefuseRateAsync(
        context, lease, $"{limits.MaxMessages} messages");

    /// <summary>Refuses a request because of the limit of requests and streams per minute.</summary>
    public Task RefuseRequestsAsync(HttpContext context, RateLimitLease lease) => RefuseRateAsync(
        context, lease, $"{options.Value.RequestsPerMinute} requests");

    /// <summary>Refuses a request because of the limit of concurrent requests.</summary>
    public Task RefuseConcurrentAsync(HttpContext context) => RefuseCallerAsync(
        context, ConcurrencyRetryAfterSeconds, nameof(LimitOptions.ConcurrentRequests), TooManyCalls);

    /// <summary>Refuses a request with a large body, because a limit of requests is exhausted. The body is not read.</summary>
    public static Task RefuseBodyAsync(HttpContext context, string setting)
    {
        ProtocolError.CloseConnection(context);
        return RefuseCallerAsync(
            context,
            ConcurrencyRetryAfterSeconds,
            setting,
            $"Too Many Requests: this caller has reached a limit, and the server then reads only bodies of at most "
                + $"{RequestMemory.SmallBody} bytes. {SetBy(setting)}");
    }

    /// <summary>Refuses a request because of a limit of memory for bodies.</summary>
    /// <param name="context">The request.</param>
    /// <param name="setting">The name of the limit, from <see cref="RequestMemory.TryTake"/>.</param>
    public Task RefuseMemoryAsync(HttpContext context, string setting)
    {
        ProtocolError.CloseConnection(context);
        if (setting == nameof(LimitOptions.RequestBytesPerCaller))
        {
            return RefuseCallerAsync(
                context,
                ConcurrencyRetryAfterSeconds,
                setting,
                $"Too Many Requests: the concurrent requests of this caller would have more than "
                    + $"{options.Value.RequestBytesPerCaller} bytes together. Try again when one of them has ended. {SetBy(setting)}");
        }

        LogMemoryExhausted(setting);
        return ProtocolError.WriteUnavailableAsync(
            context,
            TimeSpan.FromSeconds(ConcurrencyRetryAfterSeconds),
            NoMemory(setting));
    }

    /// <summary>Returns the reason for the audit log.</summary>
    public static string ReasonOf(string setting) => $"limit {setting}";

    /// <summary>Returns the message for a request for whose body there is no memory.</summary>
    public static string NoMemory(string setting) =>
        $"The server has no memory for another request body; try again. {SetBy(setting)}";

    private static string SetBy(string setting) => $"Operators set the limit in {LimitOptions.Section}:{setting}.";

    private static Task RefuseRateAsync(HttpContext context, RateLimitLease lease, string limit)
    {
        lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter);
        var seconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));
        return RefuseCallerAsync(
            context,
            seconds,
            nameof(LimitOptions.RequestsPerMinute),
            $"Too Many Requests: this caller sent more than {limit} within a minute. Try again in {seconds} s. "
                + SetBy(nameof(LimitOptions.RequestsPerMinute)));
    }

    private static Task RefuseCallerAsync(HttpContext context, int retryAfterSeconds, string setting, string message)
    {
        RefusalReason.Set(context, ReasonOf(setting));
        context.Response.Headers.RetryAfter = retryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return ProtocolError.WriteAsync(context, StatusCodes.Status429TooManyRequests, ProtocolError.Refused, message);
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "A request was refused because all requests together would exceed the limit {Setting}.")]
    private partial void LogMemoryExhausted(string setting);
}
