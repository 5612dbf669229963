using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators.Entra;

/// <summary>The two IDs with which Microsoft's support finds a request. Each response contains them.</summary>
internal static class RequestIds
{
    private static readonly object s_traceKey = new();

    public static string TraceId(this HttpContext context)
    {
        if (context.Items[s_traceKey] is not string id)
        {
            context.Items[s_traceKey] = id = Guid.NewGuid().ToString();
        }
        return id;
    }

    /// <summary>The client's ID if it sent a GUID.</summary>
    public static string CorrelationId(this HttpContext context) =>
        Guid.TryParse(context.Request.Headers["client-request-id"], out var id) ? id.ToString() : context.TraceId();

    public static void WriteIds(this HttpContext context)
    {
        context.Response.Headers["x-ms-request-id"] = context.TraceId();
        if (context.Request.Headers["return-client-request-id"] == "true")
        {
            context.Response.Headers["client-request-id"] = context.CorrelationId();
        }
    }
}
