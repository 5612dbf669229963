using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Http;
using RemoteMcp.Protocol;

namespace RemoteMcp.Limits;

/// <summary>
/// Limits the requests of each caller. Notifications and responses are not counted, because they end or continue an earlier request.
/// </summary>
internal sealed partial class CallerLimits(IOptions<LimitOptions> options, ILogger<CallerLimits> logger)
{
    // The Retry-After of the limit of concurrent requests. A caller can send another request as soon as one of its requests ends.
    private const int ConcurrencyRetryAfterSeconds = 1;

    // The limits apply only with sign-in, and no signed-in caller equals Caller.Local. No other partition therefore has this key.
    private static readonly RateLimitPartition<Caller> s_unlimited = RateLimitPartition.GetNoLimiter(Caller.Local);

    public void Configure(RateLimiterOptions limiter)
    {
        var perMinute = new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.Value.RequestsPerMinute,
            Window = TimeSpan.FromMinutes(1),
        };
        var concurrent = new ConcurrencyLimiterOptions { PermitLimit = options.Value.ConcurrentRequests };
        limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, Caller>(context =>
                IsCounted(context) ? RateLimitPartition.GetFixedWindowLimiter(Caller.From(context.User), _ => perMinute) : s_unlimited),
            PartitionedRateLimiter.Create<HttpContext, Caller>(context =>
                IsCounted(context) ? RateLimitPartition.GetConcurrencyLimiter(Caller.From(context.User), _ => concurrent) : s_unlimited));
        limiter.OnRejected = RefuseAsync;
    }

    private static bool IsCounted(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || context.Features.Get<JsonRpcEnvelope>() is { IsRequest: true };

    // "429 Too Many Requests" (RFC 6585, section 4)
    private async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var context = rejected.HttpContext;
        // Only the limit of requests per minute provides the time at which the next request is allowed.
        var exceedsRequestsPerMinute = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter);
        var seconds = exceedsRequestsPerMinute ? (int)Math.Ceiling(retryAfter.TotalSeconds) : ConcurrencyRetryAfterSeconds;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);

        var caller = Caller.From(context.User);
        var setting = exceedsRequestsPerMinute ? nameof(LimitOptions.RequestsPerMinute) : nameof(LimitOptions.ConcurrentRequests);
        LogRefused(logger, caller.Tenant, caller.User, caller.Client, setting);
        await ProtocolError.WriteAsync(context, StatusCodes.Status429TooManyRequests, ProtocolError.Refused, exceedsRequestsPerMinute
            ? $"Too Many Requests: this caller made more than {options.Value.RequestsPerMinute} requests within a minute. "
                + $"Try again in {seconds} s. Operators set the limit in {LimitOptions.Section}:{setting}."
            : $"Too Many Requests: this caller has {options.Value.ConcurrentRequests} concurrent requests, including open streams. "
                + $"Try again when one of them has ended. Operators set the limit in {LimitOptions.Section}:{setting}.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A request of {Tenant}/{User} through {Client} was refused because it exceeds "
        + "the limit {Setting}.")]
    private static partial void LogRefused(ILogger logger, string tenant, string user, string client, string setting);
}
