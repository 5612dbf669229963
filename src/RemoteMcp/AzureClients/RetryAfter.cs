using System.Globalization;
using System.Net.Http.Headers;
using Azure;

namespace RemoteMcp.AzureClients;

/// <summary>Reads the delay that a service asks for before the next request.</summary>
public static class RetryAfter
{
    /// <summary>The maximum delay that this class returns, even if the service asks for a longer one.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>
    /// Returns the delay from <c>Retry-After</c> (RFC 9110, section 10.2.3) or its variants in milliseconds. A date is compared with the
    /// <c>Date</c> of the response, so that the clock of this instance does not matter.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <returns>
    /// A delay from zero to <see cref="Longest"/>, or <see langword="null"/> if the response asks for none in a form that can be read.
    /// </returns>
    public static TimeSpan? From(Response response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Bounded(Milliseconds(response, "retry-after-ms") ?? Milliseconds(response, "x-ms-retry-after-ms") ?? Standard(response));
    }

    /// <summary>Limits a delay to the range from zero to <see cref="Longest"/>.</summary>
    /// <param name="delay">The delay, or <see langword="null"/>.</param>
    /// <returns>The limited delay, or <see langword="null"/>.</returns>
    public static TimeSpan? Bounded(TimeSpan? delay) =>
        delay is { } asked ? asked < TimeSpan.Zero ? TimeSpan.Zero : asked > Longest ? Longest : asked : null;

    private static TimeSpan? Milliseconds(Response response, string header) =>
        response.Headers.TryGetValue(header, out var text)
            && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromMilliseconds(number)
            : null;

    private static TimeSpan? Standard(Response response) =>
        response.Headers.TryGetValue("Retry-After", out var text) && RetryConditionHeaderValue.TryParse(text, out var value)
            ? value.Delta ?? value.Date - response.Headers.Date
            : null;
}
