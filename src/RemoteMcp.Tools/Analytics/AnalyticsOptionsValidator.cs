using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Tools.Analytics;

/// <summary>
/// Validates the options when the server or an import starts. If an option is invalid, the process stops, and the error has the name, the
/// value and the remedy.
/// </summary>
internal sealed class AnalyticsOptionsValidator : IValidateOptions<AnalyticsOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AnalyticsOptions options)
    {
        var errors = new SettingErrors(AnalyticsOptions.Section);
        if (!TimeZones.TryFind(options.TimeZone, out _))
        {
            errors.Add(
                nameof(options.TimeZone),
                $"is '{options.TimeZone}', which is not a time zone that this machine knows. "
                + "Set it to an IANA name such as Europe/Berlin, or to UTC.");
        }

        return errors.ToResult();
    }
}
