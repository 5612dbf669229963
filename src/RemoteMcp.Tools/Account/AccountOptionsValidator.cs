using Microsoft.Extensions.Options;

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
        var failures = new List<string>();
        if (!IsHttps(options.GraphEndpoint))
        {
            failures.Add($"{AccountOptions.Section}:GraphEndpoint is '{options.GraphEndpoint}'. Set it to the https URL of Microsoft Graph with its version, e.g. https://graph.microsoft.com/v1.0.");
        }

        if (!string.IsNullOrEmpty(options.GraphResource) && !IsHttps(options.GraphResource))
        {
            failures.Add($"{AccountOptions.Section}:GraphResource is '{options.GraphResource}'. Set it to the https URL that identifies "
                + "Microsoft Graph in Microsoft Entra ID, e.g. https://graph.microsoft.com.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsHttps(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttps && url is { Query: "", Fragment: "", UserInfo: "" };
}
