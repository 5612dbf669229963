using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RemoteMcp.Emulators.Entra;

/// <summary>
/// Writes a <see cref="Refusal"/> as Entra's JSON. The authorize endpoint catches its refusals first, and shows or redirects them.
/// </summary>
internal sealed partial class RefusalMiddleware(RequestDelegate next, EmulatorClock clock, ILogger<RefusalMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.WriteIds();
        try
        {
            await next(context);
        }
        catch (Refusal exception)
        {
            LogRefusal(context.Request.Method, context.Request.Path, exception.Error, exception.Message);
            context.Response.StatusCode = exception.Status;
            context.Response.Headers.CacheControl = "no-store, no-cache";
            await context.Response.WriteAsJsonAsync(exception.ToBody(context, clock), context.RequestAborted);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Path} refused with {Error}: {Text}")]
    private partial void LogRefusal(string method, PathString path, string error, string text);
}
