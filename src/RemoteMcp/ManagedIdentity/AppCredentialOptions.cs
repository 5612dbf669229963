using RemoteMcp.Configuration;

namespace RemoteMcp.ManagedIdentity;

/// <summary>The identities with which the server and its tools reach the cloud. Section <c>RemoteMcp:ManagedIdentity</c>.</summary>
public sealed class AppCredentialOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":ManagedIdentity";

    /// <summary>
    /// The client id of the user-assigned managed identity. On Azure it defaults to the environment variable <c>AZURE_CLIENT_ID</c>, and
    /// without that to the system-assigned identity. Elsewhere, unset: the developer's own sign-in.
    /// </summary>
    public string? ClientId { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value.Trim(); }

    /// <summary>
    /// What the managed identity's assertion is made out to when it takes the place of a client secret: the audience of the federated
    /// credential. Differs between clouds: <c>api://AzureADTokenExchangeUSGov</c>, <c>api://AzureADTokenExchangeChina</c>.
    /// </summary>
    public string TokenExchangeUrl { get; set; } = "api://AzureADTokenExchange";

    /// <summary>Whether the platform offers a managed identity.</summary>
    internal bool IsOnAzure { get; set; }

    internal bool HasManagedIdentity => IsOnAzure || ClientId is not null;
}
