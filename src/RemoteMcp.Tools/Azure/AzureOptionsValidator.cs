using System.Globalization;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Tools.Azure;

/// <summary>
/// Validates the options when the server starts. If an option is invalid, the server stops, and the error has the name, the value and the
/// remedy.
/// </summary>
internal sealed class AzureOptionsValidator : IValidateOptions<AzureOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AzureOptions options)
    {
        string[] failures =
        [
            .. Url(nameof(AzureOptions.ArmEndpoint), options.ArmEndpoint, "Azure Resource Manager, e.g. https://management.azure.com"),
            .. Url(nameof(AzureOptions.ArmResource), options.ArmResource, "the resource that tokens for Azure Resource Manager are for, "
                + "e.g. https://management.azure.com, or remove the setting"),
            .. Url(nameof(AzureOptions.LogsEndpoint), options.LogsEndpoint, "the Log Analytics query API, e.g. https://api.loganalytics.io"),
            .. Url(nameof(AzureOptions.LogsResource), options.LogsResource, "the resource that tokens for Log Analytics are for, e.g. "
                + "https://api.loganalytics.io, or remove the setting"),
            .. options.Workspaces.Where(static id => !Guid.TryParseExact(id, "D", out _)).Select(static id =>
                $"{AzureOptions.Section}:{nameof(AzureOptions.WorkspaceId)} has '{id}'. Set it to the workspace's id, a GUID (the Azure "
                    + "portal shows it on the workspace's overview), or to several ids, separated by commas."),
            .. Enum.IsDefined(options.Identity) ? [] : new[] { $"{AzureOptions.Section}:{nameof(AzureOptions.Identity)} is '{options.Identity}'. Set it to App or Caller." },
            .. Range(nameof(AzureOptions.MaxRows), options.MaxRows, 1, 5_000),
            .. Range(nameof(AzureOptions.MaxTimeSpan), options.MaxTimeSpan, TimeSpan.FromMinutes(1), TimeSpan.FromDays(366)),
            .. Range(nameof(AzureOptions.QueryTimeout), options.QueryTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Url(string setting, string? value, string meaning)
    {
        bool optional = setting is nameof(AzureOptions.ArmResource) or nameof(AzureOptions.LogsResource);
        bool good = string.IsNullOrEmpty(value) ? optional
            : Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttps && url is { Query: "", Fragment: "", UserInfo: "" };
        if (!good)
        {
            yield return $"{AzureOptions.Section}:{setting} is '{value}'. Set it to the https URL of {meaning}.";
        }
    }

    private static IEnumerable<string> Range<T>(string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{AzureOptions.Section}:{setting} is {value}. Set it to a value from {least} to {most}.");
        }
    }
}
