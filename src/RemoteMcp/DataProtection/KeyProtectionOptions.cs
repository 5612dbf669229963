using RemoteMcp.Configuration;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Options for the protection of the keys that all instances share. Configuration section: <c>RemoteMcp:DataProtection</c>.
/// </summary>
public sealed class KeyProtectionOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":DataProtection";

    /// <summary>
    /// Gets or sets the identifier of the key in Azure Key Vault with which the key ring is encrypted in the state store,
    /// <c>https://VAULT.vault.azure.net/keys/NAME</c>. The key must be an RSA key. Without a version, each new key of the ring uses the
    /// newest version. The server's own identity needs the role Key Vault Crypto Service Encryption User on the key. If this property is
    /// not set, the state store contains the key ring in plain text.
    /// </summary>
    public string? KeyVaultKey { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value.Trim(); }
}
