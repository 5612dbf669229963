using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Emulators.Entra;

/// <summary>
/// A request that Entra refuses. Code below an endpoint throws it. The token endpoint writes it as JSON. The authorize endpoint writes it
/// as a page or a redirect.
/// </summary>
/// <param name="code">The number after AADSTS.</param>
/// <param name="error">The OAuth error.</param>
/// <param name="text">The text after the number.</param>
internal sealed class Refusal(int code, string error, string text) : Exception($"AADSTS{code}: {text}")
{
    public int Code { get; } = code;

    public string Error { get; } = error;

    public int Status { get; init; } = StatusCodes.Status400BadRequest;

    public string? Suberror { get; init; }

    /// <summary>The claims challenge that the client must repeat at the authorize endpoint.</summary>
    public string? Claims { get; init; }

    /// <summary>
    /// Whether the authorize endpoint sends the error to the client in a redirect. Otherwise, only the user sees it on a page.
    /// </summary>
    public bool RedirectsToClient { get; init; }

    public RefusalBody ToBody(HttpContext context, TimeProvider time)
    {
        var trace = context.TraceId();
        var correlation = context.CorrelationId();
        var timestamp = time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new RefusalBody(
            Error,
            $"{Message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}",
            [Code],
            timestamp,
            trace,
            correlation,
            $"https://login.microsoftonline.com/error?code={Code}",
            Suberror,
            Claims);
    }
}

/// <summary>
/// Entra's JSON for an error
/// (https://learn.microsoft.com/entra/identity-platform/reference-error-codes#handling-error-codes-in-your-application).
/// </summary>
internal sealed record RefusalBody(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string ErrorDescription,
    [property: JsonPropertyName("error_codes")] IReadOnlyList<int> ErrorCodes,
    [property: JsonPropertyName("timestamp")] string Timestamp,
    [property: JsonPropertyName("trace_id")] string TraceId,
    [property: JsonPropertyName("correlation_id")] string CorrelationId,
    [property: JsonPropertyName("error_uri")] string ErrorUri,
    [property: JsonPropertyName("suberror"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Suberror,
    [property: JsonPropertyName("claims"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Claims);
