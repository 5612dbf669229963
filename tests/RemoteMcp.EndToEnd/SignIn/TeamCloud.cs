using System.Text;
using RemoteMcp.Emulators.Azure;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>The Azure resources of the team, and the permissions of the server's managed identity.</summary>
internal static class TeamCloud
{
    /// <summary>The only subscription that the server can read.</summary>
    public const string Subscription = "Contoso production";

    public const string SubscriptionId = "40000000-0000-4000-8000-000000000001";
    public const string Workspace = "60000000-0000-4000-8000-000000000001";

    /// <summary>The maximum number of rows in a result of the server. It is less than the number of sites.</summary>
    public const int MaxRows = 3;

    private const string OtherSubscriptionId = "40000000-0000-4000-8000-000000000002";
    private const string Site = "microsoft.web/sites";

    /// <summary>The names of the sites in the subscription.</summary>
    public static IReadOnlyList<string> Sites { get; } = ["shop-0", "shop-1", "shop-2", "shop-3"];

    /// <summary>The requests of every site, one value for each hour. One hour has no measurement.</summary>
    public static IReadOnlyList<double?> Requests { get; } = [1, 2.5, null, 4];

    /// <summary>The rows of the table <c>AppRequests</c>: a name and a count.</summary>
    public static IReadOnlyList<(string Name, int Count)> AppRequests { get; } = [("GET /", 31), ("GET /cart", 7)];

    /// <summary>The files in the shared container.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files { get; } = new Dictionary<string, string>
    {
        ["notes/hello.txt"] = "Hello from the container that the team shares.\n",
        ["notes/plan.md"] = "# Plan\nfirst the needle\nthen the thread\n",
        ["src/größe.cs"] = "class Needle;\n",
        ["src/deep/er.txt"] = "no thread here, but a needle\n",
    }.ToDictionary(static file => file.Key, static file => Encoding.UTF8.GetBytes(file.Value));

    /// <summary>The names of the files, in the order in which the server lists them.</summary>
    public static IEnumerable<string> Paths => Files.Keys.Order(StringComparer.Ordinal);

    public static string ResourceId(string site) =>
        $"/subscriptions/{SubscriptionId}/resourceGroups/shop/providers/Microsoft.Web/sites/{site}";

    /// <summary>Fills the emulated Azure, also with resources for which the server has no role.</summary>
    public static void Fill(AzureCloud cloud)
    {
        cloud.Subscriptions.Add(new(SubscriptionId, Subscription, SampleDirectory.ContosoId));
        cloud.Subscriptions.Add(new(OtherSubscriptionId, "Contoso secrets", SampleDirectory.ContosoId));
        cloud.Assign(SampleDirectory.IdentityObjectId, "Reader", "/subscriptions/" + SubscriptionId);
        foreach (var site in Sites)
        {
            cloud.Resources.Add(new(ResourceId(site), site, Site, "westeurope")
            {
                Metrics = new Dictionary<string, AzureMetric> { ["Requests"] = new("Count", Requests) },
            });
        }

        cloud.Resources.Add(new(
            $"/subscriptions/{OtherSubscriptionId}/resourceGroups/vault/providers/Microsoft.Web/sites/secret",
            "secret",
            Site,
            "westeurope"));
        var workspace = cloud.Workspaces[Workspace] = new AzureWorkspace();
        workspace.Tables["AppRequests"] = new(
            [("Name", "string"), ("Count", "long")], [.. AppRequests.Select(static row => (object?[])[row.Name, row.Count])]);
        cloud.Assign(SampleDirectory.IdentityObjectId, "Log Analytics Reader", Workspace);
    }
}
