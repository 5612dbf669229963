using RemoteMcp.Auth.OnBehalfOf;

namespace RemoteMcp.Tools.Azure;

/// <summary>Options of the Azure tools. Configuration section: <see cref="Section"/>.</summary>
public sealed class AzureOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string Section = "RemoteMcp:Azure";

    /// <summary>Gets or sets whether the server offers the Azure tools. The default is <see langword="false"/>.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// Gets or sets the identity that the tools use to call Azure. The default is <see cref="AzureIdentity.Caller"/>: each caller sees only
    /// what their own roles allow. With <see cref="AzureIdentity.App"/>, every caller of the tools sees everything that the roles of the
    /// server's identity allow, including the logs of the server itself if it can read their workspace.
    /// </summary>
    public AzureIdentity Identity { get; set; } = AzureIdentity.Caller;

    /// <summary>
    /// Gets or sets the endpoint of Azure Resource Manager, with https. The default is the endpoint of the public cloud. The endpoint of
    /// the US Government cloud is https://management.usgovcloudapi.net.
    /// </summary>
    public string ArmEndpoint { get; set; } = "https://management.azure.com";

    /// <summary>
    /// Gets or sets the resource for which the server requests tokens for Azure Resource Manager. The default is the origin of
    /// <see cref="ArmEndpoint"/>.
    /// </summary>
    public string? ArmResource { get; set; }

    /// <summary>
    /// Gets or sets the endpoint of the Log Analytics query API, with https and without a version. The endpoint of the US Government cloud
    /// is https://api.loganalytics.us.
    /// </summary>
    public string LogsEndpoint { get; set; } = "https://api.loganalytics.io";

    /// <summary>
    /// Gets or sets the resource for which the server requests tokens for Log Analytics. The default is the origin of
    /// <see cref="LogsEndpoint"/>.
    /// </summary>
    public string? LogsResource { get; set; }

    /// <summary>
    /// Gets or sets the workspace id (a GUID) that <c>query_logs</c> queries, or several ids separated by commas. The first one is the
    /// default. With <see cref="AzureIdentity.App"/>, only these workspaces can be queried, and without an id the server does not offer
    /// <c>query_logs</c>.
    /// </summary>
    public string? WorkspaceId { get; set; }

    /// <summary>Gets or sets the maximum number of rows, or points of metrics, in a result. 1 to 5,000, default 200.</summary>
    public int MaxRows { get; set; } = 200;

    /// <summary>
    /// Gets or sets the longest time range of <c>query_logs</c> and <c>get_metrics</c>. 1 minute to 366 days, default 31 days.
    /// </summary>
    public TimeSpan MaxTimeSpan { get; set; } = TimeSpan.FromDays(31);

    /// <summary>Gets or sets how long a call waits for Azure, including all retries. 1 second to 10 minutes, default 1 minute.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromMinutes(1);

    internal IReadOnlyList<string> Workspaces =>
        (WorkspaceId ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal bool HasLogs => Identity == AzureIdentity.Caller || Workspaces.Count > 0;

    internal bool IsApp => Identity == AzureIdentity.App;

    internal string ArmScope => Scope(ArmResource, ArmEndpoint);

    internal string LogsScope => Scope(LogsResource, LogsEndpoint);

    internal global::Azure.Core.TokenCredential Credential(CloudIdentity cloud) => IsApp ? cloud.App : cloud.Caller;

    private static string Scope(string? resource, string endpoint) =>
        (string.IsNullOrEmpty(resource) ? new Uri(endpoint).GetLeftPart(UriPartial.Authority) : resource.TrimEnd('/')) + "/.default";
}
