using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Tools.Account;

/// <summary>
/// Validates the options when the server starts. If an option is invalid, the server stops, and the error has the name, the value and the
/// remedy.
/// </summary>
internal sealed class AccountOptionsValidator : IValidateOptions<AccountOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AccountOptions options)
    {
        var errors = new SettingErrors(AccountOptions.Section);
        errors.RequireHttpsUrl(
            nameof(options.GraphEndpoint),
            options.GraphEndpoint,
            "the https URL of Microsoft Graph with its version, e.g. https://graph.microsoft.com/v1.0");
        if (!string.IsNullOrEmpty(options.GraphResource))
        {
            errors.RequireHttpsUrl(
                nameof(options.GraphResource),
                options.GraphResource,
                "the https URL that identifies Microsoft Graph in Entra ID, e.g. https://graph.microsoft.com");
        }

        return errors.ToResult();
    }
}
