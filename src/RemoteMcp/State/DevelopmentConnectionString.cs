using System.Data.Common;

namespace RemoteMcp.State;

/// <summary>Tells Azurite's connection strings from those of a real account, whose keys have no place in settings.</summary>
internal static class DevelopmentConnectionString
{
    private const string Remedy = "Use UseDevelopmentStorage=true or Azurite's own connection string (with its TableEndpoint) here; "
        + "a real account is named by " + StateOptions.Section + ":" + nameof(StateOptions.TableEndpoint) + " and reached with a managed identity, without a key.";

    /// <summary>What is wrong, never with a value that may be a key; <see langword="null"/> for an emulator's connection string.</summary>
    public static string? Failure(string connectionString)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            return $"is not a storage connection string. {Remedy}";
        }

        if (Value(parts, "UseDevelopmentStorage") is { } development)
        {
            return bool.TryParse(development, out var use) && use ? null : $"has UseDevelopmentStorage={development}. {Remedy}";
        }

        var account = Value(parts, "AccountName");
        if (!Uri.TryCreate(Value(parts, "TableEndpoint"), UriKind.Absolute, out var endpoint))
        {
            return $"names the account '{account}' without a TableEndpoint. {Remedy}";
        }

        return endpoint.IsLoopback || account == "devstoreaccount1" ? null : $"names the account '{account}' on {endpoint.Host}. {Remedy}";
    }

    private static string? Value(DbConnectionStringBuilder parts, string key) =>
        parts.TryGetValue(key, out var value) ? value as string : null;
}
