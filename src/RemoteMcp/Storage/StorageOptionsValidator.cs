using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using RemoteMcp.AzureClients;
using RemoteMcp.Configuration;

namespace RemoteMcp.Storage;

/// <summary>
/// Stops a server with wrong storage settings at its start. The message contains the setting, what is wrong with it, and what to do.
/// </summary>
internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    // Azure allows 63 characters for a table name.
    private const int MaxPrefixLength = 63 - StateLimits.MaxTableNameLength;

    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var errors = new SettingErrors(StorageOptions.Section);
        ValidateProvider(options, errors);
        ValidateAccount(options, errors);
        if (!IsPrefix(options.TablePrefix))
        {
            errors.Add(
                nameof(options.TablePrefix),
                $"is '{options.TablePrefix}'. Use at most {MaxPrefixLength} ASCII letters and digits, and start with a letter.");
        }

        errors.RequireRange(nameof(options.SweepInterval), options.SweepInterval, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        return errors.ToResult();
    }

    private static void ValidateProvider(StorageOptions options, SettingErrors errors)
    {
        if (options.Provider is { } provider
            && !provider.Equals("Memory", StringComparison.OrdinalIgnoreCase)
            && !provider.Equals("Table", StringComparison.OrdinalIgnoreCase))
        {
            errors.Add(nameof(options.Provider), $"is '{provider}'. Use Memory or Table, or remove the setting.");
        }
        else if (options is { UsesTable: true, TableEndpoint: null, ConnectionString: null })
        {
            errors.Add(
                nameof(options.Provider),
                $"is 'Table', but no storage account is configured. Set {errors.NameOf(nameof(options.TableEndpoint))} to "
                + $"https://ACCOUNT.table.core.windows.net. For Azurite, set {errors.NameOf(nameof(options.ConnectionString))} to "
                + "UseDevelopmentStorage=true instead.");
        }
    }

    private static void ValidateAccount(StorageOptions options, SettingErrors errors)
    {
        if (options is { TableEndpoint: not null, ConnectionString: not null })
        {
            errors.Add(
                nameof(options.TableEndpoint),
                $"and {errors.NameOf(nameof(options.ConnectionString))} are both set. "
                + "Keep only the endpoint (for Azure) or the connection string (for Azurite).");
        }

        if (options.TableEndpoint is { } endpoint && EndpointFailure(endpoint) is { } wrongEndpoint)
        {
            errors.Add(nameof(options.TableEndpoint), $"{wrongEndpoint}. Use https://ACCOUNT.table.core.windows.net.");
        }

        if (options.ConnectionString is { } connectionString && ValidateConnectionString(connectionString, errors) is { } wrongConnection)
        {
            errors.Add(nameof(options.ConnectionString), wrongConnection);
        }

        if (options.ManagedIdentityClientId is { } clientId && !Guid.TryParse(clientId, out _))
        {
            errors.Add(nameof(options.ManagedIdentityClientId), $"is '{clientId}'. Use the client id of the identity (a GUID).");
        }
    }

    private static string? ValidateConnectionString(string connectionString, SettingErrors errors) => AzuriteConnectionString.Validate(
        connectionString,
        static text => new TableServiceClient(text).Uri,
        "tables",
        "TableEndpoint",
        errors.NameOf(nameof(StorageOptions.TableEndpoint)));

    /// <summary>Returns what is wrong with an endpoint, without its query string, which could be a shared access signature.</summary>
    private static string? EndpointFailure(string endpoint) =>
        !SettingErrors.IsUrlText(endpoint) || !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Host.Length == 0
            ? "is not an absolute URL"
        : uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0
            ? $"(on {uri.Host}) contains more than an address, possibly a secret"
        : uri.Scheme != Uri.UriSchemeHttps ? $"is '{endpoint}', which is not https"
        : null;

    private static bool IsPrefix(string prefix) =>
        prefix.Length == 0 || (prefix.Length <= MaxPrefixLength && char.IsAsciiLetter(prefix[0]) && prefix.All(char.IsAsciiLetterOrDigit));
}
