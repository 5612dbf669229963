using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

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
        var errors = new SettingErrors(AzureOptions.Section);
        errors.RequireHttpsUrl(
            nameof(options.ArmEndpoint),
            options.ArmEndpoint,
            "the https URL of Azure Resource Manager, e.g. https://management.azure.com");
        errors.RequireHttpsUrl(
            nameof(options.LogsEndpoint),
            options.LogsEndpoint,
            "the https URL of the Log Analytics query API, e.g. https://api.loganalytics.io");
        if (!string.IsNullOrEmpty(options.ArmResource))
        {
            errors.RequireHttpsUrl(
                nameof(options.ArmResource),
                options.ArmResource,
                "the https URL of the resource that tokens for Azure Resource Manager are for, "
                + "e.g. https://management.azure.com, or remove the setting");
        }

        if (!string.IsNullOrEmpty(options.LogsResource))
        {
            errors.RequireHttpsUrl(
                nameof(options.LogsResource),
                options.LogsResource,
                "the https URL of the resource that tokens for Log Analytics are for, "
                + "e.g. https://api.loganalytics.io, or remove the setting");
        }

        foreach (var id in options.Workspaces)
        {
            if (!Guid.TryParseExact(id, "D", out _))
            {
                errors.Add(
                    nameof(options.WorkspaceId),
                    $"has '{id}'. Set it to the workspace's id, a GUID (the Azure portal shows it on the workspace's overview), "
                    + "or to several ids, separated by commas.");
            }
        }

        if (!Enum.IsDefined(options.Identity))
        {
            errors.Add(nameof(options.Identity), $"is '{options.Identity}'. Set it to App or Caller.");
        }

        errors.RequireRange(nameof(options.MaxRows), options.MaxRows, 1, 5_000);
        errors.RequireRange(nameof(options.MaxTimeSpan), options.MaxTimeSpan, TimeSpan.FromMinutes(1), TimeSpan.FromDays(366));
        errors.RequireRange(nameof(options.QueryTimeout), options.QueryTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        return errors.ToResult();
    }
}
