using Microsoft.Extensions.Options;

namespace RemoteMcp.Tools.Analytics;

/// <summary>Checks the settings when the server or an import starts, so that a wrong one stops it with its name, its value and the remedy.</summary>
internal sealed class AnalyticsOptionsValidator : IValidateOptions<AnalyticsOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AnalyticsOptions options) => TimeZones.TryFind(options.TimeZone, out _)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"{AnalyticsOptions.Section}:{nameof(options.TimeZone)} is '{options.TimeZone}', which is not a time zone that this machine knows. "
            + "Set it to an IANA name such as Europe/Berlin, or to UTC.");
}
