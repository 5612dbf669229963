using Microsoft.Extensions.Options;

namespace RemoteMcp.ManagedIdentity;

internal sealed class AppCredentialOptionsValidator : IValidateOptions<AppCredentialOptions>
{
    public ValidateOptionsResult Validate(string? name, AppCredentialOptions options)
    {
        var problems = new List<string>();
        if (options.ClientId is { } clientId && !Guid.TryParseExact(clientId, "D", out _))
        {
            problems.Add($"{AppCredentialOptions.Section}:ClientId (or AZURE_CLIENT_ID) is '{clientId}'. Set it to the client id of the user-assigned managed identity, a GUID.");
        }

        if (!Uri.TryCreate(options.TokenExchangeUrl, UriKind.Absolute, out var url) || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            problems.Add($"{AppCredentialOptions.Section}:TokenExchangeUrl is '{options.TokenExchangeUrl}'. Set it to the audience of the federated credential, e.g. api://AzureADTokenExchange.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
