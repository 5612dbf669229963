using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.DataProtection;

internal sealed class KeyProtectionOptionsValidator : IValidateOptions<KeyProtectionOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyProtectionOptions options)
    {
        var errors = new SettingErrors(KeyProtectionOptions.Section);
        if (options.KeyVaultKey is { } key && KeyVaultKeyId.TryParse(key) is null)
        {
            errors.Add(
                nameof(options.KeyVaultKey),
                $"is {SafeText.Quote(key)}. Set it to the identifier of a key in Azure Key Vault, https://VAULT.vault.azure.net/keys/NAME, "
                + "with or without a version, or remove the setting.");
        }

        return errors.ToResult();
    }
}
