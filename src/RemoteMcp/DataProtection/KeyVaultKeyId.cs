using System.Text.RegularExpressions;

namespace RemoteMcp.DataProtection;

/// <summary>Represents the identifier of a key in Azure Key Vault or Managed HSM.</summary>
/// <param name="Vault">The URL of the vault, without a path.</param>
/// <param name="Name">The name of the key.</param>
/// <param name="Version">The version of the key, or <see langword="null"/> for the newest one.</param>
internal sealed partial record KeyVaultKeyId(Uri Vault, string Name, string? Version)
{
    // The token of the server's identity is sent only to these hosts. Their names are also the audiences of the token.
    private static readonly string[] s_services =
    [
        "vault.azure.net", "vault.azure.cn", "vault.usgovcloudapi.net",
        "managedhsm.azure.net", "managedhsm.azure.cn", "managedhsm.usgovcloudapi.net",
    ];

    /// <summary>Gets the scope of the token for the vault. An emulator on loopback expects the scope of the public cloud.</summary>
    public string Scope => $"https://{Service(Vault) ?? s_services[0]}/.default";

    /// <summary>Parses an identifier.</summary>
    /// <returns>
    /// The identifier, or <see langword="null"/> if the text is not an https URL of a vault (or of an emulator on loopback) with the path
    /// <c>/keys/NAME</c> or <c>/keys/NAME/VERSION</c>.
    /// </returns>
    public static KeyVaultKeyId? TryParse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url is { Scheme: "https", UserInfo: "", Query: "", Fragment: "" }
        && (url.IsLoopback || (url.IsDefaultPort && Service(url) is not null))
        && Path().Match(url.AbsolutePath) is { Success: true, Groups: var parts }
            ? new(
                new Uri(url.GetLeftPart(UriPartial.Authority)),
                parts["name"].Value,
                parts["version"] is { Success: true, Value: var version } ? version : null)
            : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Vault}keys/{Name}{(Version is null ? "" : "/" + Version)}";

    private static string? Service(Uri vault) =>
        vault.Host.Split('.', 2) is [{ Length: > 0 }, var service] ? Array.Find(s_services, known => known == service) : null;

    [GeneratedRegex("^/keys/(?<name>[0-9A-Za-z-]{1,127})(/(?<version>[0-9A-Fa-f]{32}))?/?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Path();
}
