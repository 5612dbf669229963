using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Protocol;

namespace RemoteMcp.Observability;

/// <summary>Writes an audit entry for each request that ends with 401, 403, or 429.</summary>
internal static class RefusalAudit
{
    /// <summary>
    /// Adds the middleware to the pipeline. The pipeline uses it twice: around everything, and for each message of a batch, whose responses
    /// share one status. A request has at most one entry.
    /// </summary>
    public static IApplicationBuilder UseRefusalAudit(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<AuditLog>();
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        return app.Use(next => async context =>
        {
            var start = time.GetTimestamp();
            await next(context);
            if (context.Response.StatusCode
                    is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests
                && context.Features.Get<Audited>() is null
                // The messages of a batch have their own entries, and the response has the status of one of them.
                && (context.Features.Get<IUnansweredRequests>() is null || context.Features.Get<BatchMember>() is not null))
            {
                Skip(context);
                log.Refused(context, time.GetElapsedTime(start));
            }
        });
    }

    /// <summary>Marks a request whose refusal another log has.</summary>
    public static void Skip(HttpContext context) => context.Features.Set(new Audited());

    private sealed class Audited;
}
