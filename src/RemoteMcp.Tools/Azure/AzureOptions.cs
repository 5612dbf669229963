using RemoteMcp.Auth.OnBehalfOf;

namespace RemoteMcp.Tools.Azure;

/// <summary>The tools that ask Azure. Section <see cref="Section"/> of the configuration.</summary>
public sealed class AzureOptions
{
    /// <summary>The section of the configuration that these settings are read from.</summary>
    public const string Section = "RemoteMcp:Azure";

    /// <summary>Whether there are Azure tools at all. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>As whom they ask. Default <see cref="AzureIdentity.App"/>.</summary>
    public AzureIdentity Identity { get; set; }

    /// <summary>Azure Resource Manager, https; that of the public cloud by default, e.g. https://management.usgovcloudapi.net in the US Government's.</summary>
    public string ArmEndpoint { get; set; } = "https://management.azure.com";

    /// <summary>What tokens for Azure Resource Manager are made out to; the origin of <see cref="ArmEndpoint"/> by default.</summary>
    public string? ArmResource { get; set; }

    /// <summary>The Log Analytics query API without its version, https; e.g. https://api.loganalytics.us in the US Government's cloud.</summary>
    public string LogsEndpoint { get; set; } = "https://api.loganalytics.io";

    /// <summary>What tokens for Log Analytics are made out to; the origin of <see cref="LogsEndpoint"/> by default.</summary>
    public string? LogsResource { get; set; }

    /// <summary>
    /// The workspace id (a GUID) that <c>query_logs</c> asks, or several with commas between; the first is the default. With
    /// <see cref="AzureIdentity.App"/> these are all that can be asked, and without any there is no <c>query_logs</c>.
    /// </summary>
    public string? WorkspaceId { get; set; }

    /// <summary>How many rows, or points of metrics, an answer has at most, 1 to 5,000. Default 200.</summary>
    public int MaxRows { get; set; } = 200;

    /// <summary>How long a time that <c>query_logs</c> and <c>get_metrics</c> look at can be, a minute to 366 days. Default 31 days.</summary>
    public TimeSpan MaxTimeSpan { get; set; } = TimeSpan.FromDays(31);

    /// <summary>How long a call waits for Azure, all tries together, 1 second to 10 minutes. Default 1 minute.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromMinutes(1);

    internal IReadOnlyList<string> Workspaces => (WorkspaceId ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal bool HasLogs => Identity == AzureIdentity.Caller || Workspaces.Count > 0;

    internal bool IsApp => Identity == AzureIdentity.App;

    internal string ArmScope => Scope(ArmResource, ArmEndpoint);

    internal string LogsScope => Scope(LogsResource, LogsEndpoint);

    internal global::Azure.Core.TokenCredential Credential(CloudIdentity cloud) => IsApp ? cloud.App : cloud.Caller;

    private static string Scope(string? resource, string endpoint) =>
        (string.IsNullOrEmpty(resource) ? new Uri(endpoint).GetLeftPart(UriPartial.Authority) : resource.TrimEnd('/')) + "/.default";
}
