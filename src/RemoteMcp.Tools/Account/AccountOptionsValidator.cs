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
        if (!IsHttps(options.GraphEndpoint))
        {
            errors.Add(
                nameof(options.GraphEndpoint),
                $"is '{options.GraphEndpoint}'. Set it to the https URL of Microsoft Graph with its version, e.g. "
                    + "https://graph.microsoft.com/v1.0.");
        }

        if (!string.IsNullOrEmpty(options.GraphResource) && !IsHttps(options.GraphResource))
        {
            errors.Add(
                nameof(options.GraphResource),
                $"is '{options.GraphResource}'. Set it to the https URL that identifies Microsoft Graph in Entra ID, e.g. "
                    + "https://graph.microsoft.com.");
        }

        return errors.ToResult();
    }

    private static bool IsHttps(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url)
        && url.Scheme == Uri.UriSchemeHttps
        && url is { Query: "", Fragment: "", UserInfo: "" };
}
