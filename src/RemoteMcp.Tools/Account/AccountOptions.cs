namespace RemoteMcp.Tools.Account;

/// <summary>Options of the account tools: the endpoint of Microsoft Graph. Configuration section: <see cref="Section"/>.</summary>
public sealed class AccountOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "RemoteMcp:Account";

    /// <summary>
    /// Gets or sets the base URL of Microsoft Graph, with https and the version. The default is the URL of Azure's public cloud. The URL of
    /// the US Government cloud is https://graph.microsoft.us/v1.0.
    /// </summary>
    public string GraphEndpoint { get; set; } = "https://graph.microsoft.com/v1.0";

    /// <summary>
    /// Gets or sets the resource for which the server requests tokens for Microsoft Graph. The default is the origin of
    /// <see cref="GraphEndpoint"/>.
    /// </summary>
    public string? GraphResource { get; set; }

    internal Uri ProfileUrl =>
        new(GraphEndpoint.TrimEnd('/') + "/me?$select=id,displayName,userPrincipalName,mail,"
            + "jobTitle,department,officeLocation,preferredLanguage");

    internal string Scope =>
        (string.IsNullOrEmpty(GraphResource)
            ? new Uri(GraphEndpoint).GetLeftPart(UriPartial.Authority)
            : GraphResource.TrimEnd('/')) + "/.default";
}
