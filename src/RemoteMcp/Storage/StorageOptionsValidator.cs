using Microsoft.Extensions.Options;

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
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(StorageOptions options)
    {
        if (options.Provider is { } provider
            && !provider.Equals("Memory", StringComparison.OrdinalIgnoreCase)
            && !provider.Equals("Table", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{Setting(nameof(options.Provider))} is '{provider}'. Use Memory or Table, or remove the setting.";
        }
        else if (options is { UsesTable: true, TableEndpoint: null, ConnectionString: null })
        {
            yield return $"{Setting(nameof(options.Provider))} is 'Table', but no storage account is configured. "
                + $"Set {Setting(nameof(options.TableEndpoint))} to https://ACCOUNT.table.core.windows.net. For Azurite, set "
                + $"{Setting(nameof(options.ConnectionString))} to UseDevelopmentStorage=true instead.";
        }

        if (options is { TableEndpoint: not null, ConnectionString: not null })
        {
            yield return $"{Setting(nameof(options.TableEndpoint))} and {Setting(nameof(options.ConnectionString))} are both set. "
                + "Keep only the endpoint (for Azure) or the connection string (for Azurite).";
        }

        if (options.TableEndpoint is { } endpoint && EndpointFailure(endpoint) is { } wrongEndpoint)
        {
            yield return $"{Setting(nameof(options.TableEndpoint))} {wrongEndpoint}. Use https://ACCOUNT.table.core.windows.net.";
        }

        if (options.ConnectionString is { } connectionString && DevelopmentConnectionString.Failure(connectionString) is { } wrongConnection)
        {
            yield return $"{Setting(nameof(options.ConnectionString))} {wrongConnection}";
        }

        if (options.ManagedIdentityClientId is { } clientId && !Guid.TryParse(clientId, out _))
        {
            yield return $"{Setting(nameof(options.ManagedIdentityClientId))} is '{clientId}'. Use the client id of the identity (a GUID).";
        }

        if (!IsPrefix(options.TablePrefix))
        {
            yield return $"{Setting(nameof(options.TablePrefix))} is '{options.TablePrefix}'. Use at most {MaxPrefixLength} "
                + "ASCII letters and digits, and start with a letter.";
        }

        if (options.SweepInterval < TimeSpan.FromMinutes(1) || options.SweepInterval > TimeSpan.FromDays(1))
        {
            yield return $"{Setting(nameof(options.SweepInterval))} is '{options.SweepInterval}'. Use a time from 00:01:00 to 1.00:00:00 "
                + "(days.hours:minutes:seconds). A number without colons means days.";
        }
    }

    private static string Setting(string name) => $"{StorageOptions.Section}:{name}";

    /// <summary>Returns what is wrong with an endpoint, without its query string, which could be a shared access signature.</summary>
    private static string? EndpointFailure(string endpoint) =>
        !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Host.Length == 0 ? "is not an absolute URL"
        : uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0
            ? $"(on {uri.Host}) contains more than an address, possibly a secret"
        : uri.Scheme != Uri.UriSchemeHttps ? $"is '{endpoint}', which is not https"
        : null;

    private static bool IsPrefix(string prefix) =>
        prefix.Length == 0 || (prefix.Length <= MaxPrefixLength && char.IsAsciiLetter(prefix[0]) && prefix.All(char.IsAsciiLetterOrDigit));
}
