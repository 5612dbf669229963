using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Emulators.Azure;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth.Cloud;

namespace RemoteMcp.Tests.Azure;

/// <summary>Provides the Azure tools with sign-in, and an emulated Azure with two subscriptions, three sites, and two workspaces.</summary>
public abstract class AzureSignIn : CloudSignIn
{
    protected const string Production = "40000000-0000-4000-8000-000000000001";
    protected const string Sandbox = "40000000-0000-4000-8000-000000000002";
    internal const string Workspace = "60000000-0000-4000-8000-000000000001";
    internal const string OtherWorkspace = "60000000-0000-4000-8000-000000000002";
    internal const string Site = "/subscriptions/" + Production + "/resourceGroups/shop/providers/Microsoft.Web/sites/shop-0";

    protected AzureCloud Cloud => Emulator.Azure;

    protected override IReadOnlyDictionary<string, string?> Settings => AzureSettings();

    /// <summary>Gets the principal whose token the tools send to Azure.</summary>
    protected virtual string Principal => IdentityObjectId;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Subscriptions.Add(new AzureSubscription(Production, "Production", SampleDirectory.ContosoId));
        Cloud.Subscriptions.Add(new AzureSubscription(Sandbox, "Sandbox", SampleDirectory.ContosoId));
        for (var i = 0; i < 3; i++)
        {
            Cloud.Resources.Add(new AzureResource(Site[..^1] + i, $"shop-{i}", "microsoft.web/sites", "westeurope")
            {
                Metrics = new Dictionary<string, AzureMetric>
                {
                    ["Requests"] = new("Count", [1, 2.5, null, 4]),
                    ["Http5xx"] = new("Count", [null]),
                },
            });
        }

        AddTable(Workspace, "AppRequests", [("Name", "string"), ("Count", "long")], ["GET /", 3], ["GET /cart", 1]);
        AddTable(OtherWorkspace, "AppRequests", [("Name", "string")], ["secret"]);
        Cloud.Assign(Principal, "Reader", "/subscriptions/" + Production);
        Cloud.Assign(Principal, "Log Analytics Reader", Workspace);
    }

    protected Dictionary<string, string?> AzureSettings(params (string Name, string? Value)[] more) =>
        more.Concat<(string Name, string? Value)>(
        [
            ("Enabled", "true"), ("ArmEndpoint", Emulator.Addresses.Arm.ToString()), ("ArmResource", "https://management.azure.com"),
            ("LogsEndpoint", Emulator.Addresses.Logs.ToString()), ("LogsResource", "https://api.loganalytics.io"),
            ("WorkspaceId", Workspace), ("QueryTimeout", "00:00:30"), ("Identity", "App"),
        ]).DistinctBy(static each => each.Name)
            .Where(static each => each.Value is not null)
            .Select(static each => KeyValuePair.Create("RemoteMcp:Azure:" + each.Name, each.Value))
            .Concat(base.Settings)
            .ToDictionary();

    protected void AddTable(string workspace, string name, (string, string)[] columns, params object?[][] rows) =>
        Cloud.Workspaces.GetOrAdd(workspace, static _ => new AzureWorkspace()).Tables[name] = new AzureLogTable(columns, rows);

    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        server.Services.AddHttpClient("Azure").ConfigurePrimaryHttpMessageHandler(() => Emulator.CreateHandler(followRedirects: false));
    }

    /// <summary>Calls a tool as Adele.</summary>
    internal async Task<ToolAnswer> AskAsync(string tool, object? arguments = null, string? token = null)
    {
        var call = Messages.StatelessCall(tool, JsonSerializer.Serialize(arguments ?? new { }));
        using var request = Messages.PostStateless(call).WithToken(token ?? Token(("scp", "Mcp.Use Azure.Read")));
        using var response = await Server.Client.SendAsync(request, Cancelled);
        return new ToolAnswer(await response.ReadMessageAsync());
    }
}
