using RemoteMcp.Configuration;

namespace RemoteMcp.ManagedIdentity;

/// <summary>
/// Options for the identities with which the server and its tools call cloud services. Configuration section:
/// <c>RemoteMcp:ManagedIdentity</c>.
/// </summary>
public sealed class AppCredentialOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":ManagedIdentity";

    /// <summary>
    /// Gets or sets the client id of the user-assigned managed identity. On Azure, the default is the environment variable
    /// <c>AZURE_CLIENT_ID</c>. Without that variable, the server uses the system-assigned identity. Elsewhere, if this property is not set,
    /// the server uses the developer's sign-in.
    /// </summary>
    public string? ClientId { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value.Trim(); }

    /// <summary>
    /// Gets or sets the audience of the managed identity's assertion, which the server uses instead of a client secret. It must equal the
    /// audience of the federated credential. Other clouds have other values: <c>api://AzureADTokenExchangeUSGov</c> and
    /// <c>api://AzureADTokenExchangeChina</c>.
    /// </summary>
    public string TokenExchangeUrl { get; set; } = "api://AzureADTokenExchange";

    /// <summary>Gets or sets whether the platform provides a managed identity.</summary>
    internal bool IsOnAzure { get; set; }

    internal bool HasManagedIdentity => IsOnAzure || ClientId is not null;
}
