using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators.Azure;

/// <summary>A way in which a request to Azure fails.</summary>
public sealed record AzureFault(Func<HttpContext, Task> Answer)
{
    /// <summary>The connection breaks in the middle of the response.</summary>
    public static AzureFault CutOff { get; } = new(static async context =>
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            """{"tables":[{"name":"PrimaryResult","columns":[{"name":"a","type":"string"}],"rows":[["x"],""", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    });

    /// <summary>The response never ends and arrives as fast as the client reads it.</summary>
    public static AzureFault Giant { get; } = new(static async context =>
    {
        var piece = Encoding.UTF8.GetBytes("[\"" + new string('x', 60_000) + "\"],");
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            """{"tables":[{"name":"PrimaryResult","columns":[{"name":"a","type":"string"}],"rows":[""", context.RequestAborted);
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(piece, CancellationToken.None);
        }
    });

    /// <summary>No response arrives until the client disconnects.</summary>
    public static AzureFault Silent { get; } = new(static async context =>
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    });

    /// <summary>429 as Resource Manager returns it. Without <paramref name="retryAfter"/>, 429 as Resource Graph returns it.</summary>
    public static AzureFault Throttled(TimeSpan? retryAfter, TimeSpan? quotaResetsAfter = null) => new(async context =>
    {
        if (retryAfter is { } pause)
        {
            context.Response.Headers.RetryAfter = ((int)pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
        if (quotaResetsAfter is { } quota)
        {
            context.Response.Headers["x-ms-user-quota-remaining"] = "0";
            context.Response.Headers["x-ms-user-quota-resets-after"] = quota.ToString("c", CultureInfo.InvariantCulture);
        }
        await AzureAnswers.Error(429, "RateLimiting",
            "Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed.")
            .ExecuteAsync(context);
    });

    /// <summary>429 with a date, the second form of <c>Retry-After</c> (RFC 9110, section 10.2.3).</summary>
    public static AzureFault Throttled(DateTimeOffset until) => new(async context =>
    {
        context.Response.Headers.RetryAfter = until.ToString("r", CultureInfo.InvariantCulture);
        await AzureAnswers.Error(429, "RateLimiting", "Client application has been throttled.").ExecuteAsync(context);
    });

    /// <summary>A response with any status and body.</summary>
    public static AzureFault Of(int status, string body, string contentType = "application/json") => new(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(body, context.RequestAborted);
    });
}
