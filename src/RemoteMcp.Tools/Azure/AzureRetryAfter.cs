using System.Globalization;
using Azure;
using Azure.Core;

namespace RemoteMcp.Tools.Azure;

/// <summary>The pauses that Azure's services ask for.</summary>
internal static class AzureRetryAfter
{
    /// <summary>The longest pause that is sat out within a call. Of a longer one the model is told.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Most = TimeSpan.FromHours(1);

    /// <summary>
    /// How long to wait before the next request: <c>Retry-After</c> (RFC 9110, section 10.2.3), its forms in milliseconds, or Resource Graph's
    /// <c>x-ms-user-quota-resets-after</c>. An hour at most; <see langword="null"/> where nothing is asked for.
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

    /// <summary>When the caller's quota of requests is used up: how long until there is a new one (Resource Graph's throttling headers).</summary>
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
