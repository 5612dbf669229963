namespace RemoteMcp.Tools.Account;

/// <summary>Where the account tools find Microsoft Graph. Section <see cref="Section"/> of the configuration.</summary>
public sealed class AccountOptions
{
    /// <summary>The section of the configuration that these settings are read from.</summary>
    public const string Section = "RemoteMcp:Account";

    /// <summary>Graph's base URL with its version, https; that of Azure's public cloud by default, e.g. https://graph.microsoft.us/v1.0 in the US Government's.</summary>
    public string GraphEndpoint { get; set; } = "https://graph.microsoft.com/v1.0";

    /// <summary>What tokens for Graph are made out to; the origin of <see cref="GraphEndpoint"/> by default.</summary>
    public string? GraphResource { get; set; }

    internal Uri Me => new(GraphEndpoint.TrimEnd('/') + "/me?$select=id,displayName,userPrincipalName,mail,jobTitle,department,officeLocation,preferredLanguage");

    internal string Scope => (string.IsNullOrEmpty(GraphResource) ? new Uri(GraphEndpoint).GetLeftPart(UriPartial.Authority) : GraphResource.TrimEnd('/')) + "/.default";
}
