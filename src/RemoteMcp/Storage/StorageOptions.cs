namespace RemoteMcp.Storage;

/// <summary>Where the server keeps its state: the settings under <c>RemoteMcp:Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "RemoteMcp:Storage";

    /// <summary>
    /// <c>Memory</c> (this process only, lost at its end) or <c>Table</c> (Azure Table Storage, shared by all instances).
    /// Unset: <c>Table</c> where an endpoint or a connection string is set, and otherwise <c>Memory</c>.
    /// </summary>
    public string? Provider { get; set => field = Text(value); }

    /// <summary>
    /// The account's table endpoint, <c>https://ACCOUNT.table.core.windows.net</c>; reached with the managed identity, or with
    /// the developer's own sign-in. It needs the role Storage Table Data Contributor.
    /// </summary>
    public string? TableEndpoint { get; set => field = Text(value); }

    /// <summary>
    /// The client id of a managed identity that is for the state alone. Unset, it is the server's own, as in
    /// <see cref="ManagedIdentity.AppCredentialOptions.ClientId"/>.
    /// </summary>
    public string? ManagedIdentityClientId { get; set => field = Text(value); }

    /// <summary>
    /// Azurite's connection string, for development: <c>UseDevelopmentStorage=true</c>, or the long form. A real account is
    /// refused: it is reached by <see cref="TableEndpoint"/>, without a key.
    /// </summary>
    public string? ConnectionString { get; set => field = Text(value); }

    /// <summary>What the name of every table starts with, so that servers can share an account; default <c>Mcp</c>.</summary>
    public string TablePrefix { get; set; } = "Mcp";

    /// <summary>How often expired rows are deleted, by one instance of all: 1 minute to 1 day, default 10 minutes.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(10);

    internal bool UsesTable => Provider is null
        ? TableEndpoint is not null || ConnectionString is not null
        : Provider.Equals("Table", StringComparison.OrdinalIgnoreCase);

    // Deployment templates pass an empty value for a setting that is left out.
    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
