using System.Globalization;
using Azure;
using Azure.Core;

namespace RemoteMcp.Tools.Azure;

/// <summary>Reads the delays that Azure services ask for.</summary>
internal static class AzureRetryAfter
{
    /// <summary>The longest delay that a call waits for. A longer delay is reported to the model.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Most = TimeSpan.FromHours(1);

    /// <summary>
    /// Returns the delay before the next request: <c>Retry-After</c> (RFC 9110, section 10.2.3), its variants in milliseconds, or Resource
    /// Graph's <c>x-ms-user-quota-resets-after</c>. The maximum is one hour. Returns <see langword="null"/> if the response does not ask
    /// for a delay.
    /// </summary>
    public static TimeSpan? AskedBy(Response response, TimeProvider clock)
    {
        TimeSpan? asked = Number(response, "retry-after-ms", 1) ?? Number(response, "x-ms-retry-after-ms", 1) ?? Number(response, "Retry-After", 1000)
            ?? Date(response, clock) ?? Quota(response);
        return asked switch
        {
            { } pause when pause < TimeSpan.Zero => TimeSpan.Zero,
            { } pause when pause > Most => Most,
            _ => asked,
        };
    }

    /// <summary>
    /// Returns the time until the quota resets, if the caller's quota of requests is used up (throttling headers of Resource Graph).
    /// </summary>
    public static TimeSpan? UntilQuotaResets(ResponseHeaders headers) =>
        headers.TryGetValue("x-ms-user-quota-remaining", out string? left) && left == "0" && headers.TryGetValue("x-ms-user-quota-resets-after", out string? after) ? Span(after) : null;

    private static TimeSpan? Number(Response response, string header, double unit) =>
        response.Headers.TryGetValue(header, out string? text) && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? TimeSpan.FromMilliseconds(number * unit)
            : null;

    private static TimeSpan? Date(Response response, TimeProvider clock) =>
        response.Headers.TryGetValue("Retry-After", out string? text) && DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset date)
            ? date - clock.GetUtcNow()
            : null;

    private static TimeSpan? Quota(Response response) => response.Headers.TryGetValue("x-ms-user-quota-resets-after", out string? text) ? Span(text) : null;

    private static TimeSpan? Span(string? text) => TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan span) ? span : null;
}
