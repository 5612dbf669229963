namespace RemoteMcp.Storage;

/// <summary>Options for where the server stores its state. Configuration section: <c>RemoteMcp:Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "RemoteMcp:Storage";

    /// <summary>
    /// Gets or sets the provider: <c>Memory</c> (this process only, lost when it ends) or <c>Table</c> (Azure Table Storage, shared by all
    /// instances). The default is <c>Table</c> when an endpoint or a connection string is set, and <c>Memory</c> otherwise.
    /// </summary>
    public string? Provider { get; set => field = Text(value); }

    /// <summary>
    /// Gets or sets the account's table endpoint, <c>https://ACCOUNT.table.core.windows.net</c>. The server connects with the managed
    /// identity, or with the developer's own sign-in. The identity needs the role Storage Table Data Contributor.
    /// </summary>
    public string? TableEndpoint { get; set => field = Text(value); }

    /// <summary>
    /// Gets or sets the client id of a managed identity that is used only for the state. The default is the server's own identity, as in
    /// <c>RemoteMcp:ManagedIdentity:ClientId</c>.
    /// </summary>
    public string? ManagedIdentityClientId { get; set => field = Text(value); }

    /// <summary>
    /// Gets or sets Azurite's connection string, for development: <c>UseDevelopmentStorage=true</c>, or the long form. The connection
    /// string of a real account is refused. Use <see cref="TableEndpoint"/> for a real account, without a key.
    /// </summary>
    public string? ConnectionString { get; set => field = Text(value); }

    /// <summary>Gets or sets the prefix of every table name, so that servers can share an account; <c>Mcp</c> by default.</summary>
    public string TablePrefix { get; set; } = "Mcp";

    /// <summary>
    /// Gets or sets how often one of the instances deletes expired rows; 1 minute to 1 day, 10 minutes by default.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(10);

    internal bool UsesTable => Provider is null
        ? TableEndpoint is not null || ConnectionString is not null
        : Provider.Equals("Table", StringComparison.OrdinalIgnoreCase);

    // Deployment templates pass an empty value for a setting that is not set.
    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
