using System.Globalization;
using Azure;
using Azure.Core;
using RemoteMcp.AzureClients;

namespace RemoteMcp.Tools.Azure;

/// <summary>Reads the delays that Azure services ask for.</summary>
internal static class AzureRetryAfter
{
    /// <summary>
    /// Returns the delay before the next request: <c>Retry-After</c>, or Resource Graph's <c>x-ms-user-quota-resets-after</c>. Returns
    /// <see langword="null"/> if the response does not ask for a delay.
    /// </summary>
    public static TimeSpan? AskedBy(Response response) =>
        RetryAfter.From(response) ?? RetryAfter.Bounded(QuotaResetsAfter(response.Headers));

    /// <summary>
    /// Returns the time until the quota resets, if the caller's quota of requests is used up (throttling headers of Resource Graph).
    /// </summary>
    public static TimeSpan? UntilQuotaResets(ResponseHeaders headers) =>
        headers.TryGetValue("x-ms-user-quota-remaining", out var left) && left == "0" ? QuotaResetsAfter(headers) : null;

    private static TimeSpan? QuotaResetsAfter(ResponseHeaders headers) =>
        headers.TryGetValue("x-ms-user-quota-resets-after", out var text)
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span)
                ? span
                : null;
}
