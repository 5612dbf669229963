using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.ManagedIdentity;

internal sealed class AppCredentialOptionsValidator : IValidateOptions<AppCredentialOptions>
{
    public ValidateOptionsResult Validate(string? name, AppCredentialOptions options)
    {
        var errors = new SettingErrors(AppCredentialOptions.Section);
        if (options.ClientId is { } clientId && !Guid.TryParseExact(clientId, "D", out _))
        {
            errors.Add(
                nameof(options.ClientId),
                $"(or AZURE_CLIENT_ID) is '{clientId}'. Set it to the client id of the user-assigned managed identity, a GUID.");
        }

        if (!SettingErrors.IsUrlText(options.TokenExchangeUrl)
            || !Uri.TryCreate(options.TokenExchangeUrl, UriKind.Absolute, out var url) || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            errors.Add(
                nameof(options.TokenExchangeUrl),
                $"is '{options.TokenExchangeUrl}'. Set it to the audience of the federated credential, e.g. api://AzureADTokenExchange.");
        }

        return errors.ToResult();
    }
}
