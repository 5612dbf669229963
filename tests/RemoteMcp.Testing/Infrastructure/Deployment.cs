using System.Text.Json;
using Xunit;

namespace RemoteMcp.Testing.Infrastructure;

/// <summary>The resources that bicep predicts for one of <c>infra/tests/*.bicepparam</c>.</summary>
internal sealed class Deployment
{
    /// <summary>The environment variable with the folder of the predictions (<c>*.snapshot.json</c>).</summary>
    public const string FolderVariable = "REMOTE_MCP_INFRA_SNAPSHOTS";

    /// <summary>The tenant of the predictions.</summary>
    public const string TenantId = "00000000-0000-0000-0000-000000000002";

    public const string Minimal = "minimal";
    public const string Full = "full";
    public const string OwnRegistration = "own-registration";
    public const string TwoRegions = "two-regions";
    public const string Direct = "direct";

    private Deployment(JsonElement prediction)
    {
        Resources = [.. prediction.GetProperty("predictedResources").EnumerateArray().Select(static json => new PredictedResource(json))];
        Outputs = prediction.GetProperty("outputs");
        Text = prediction.GetRawText();
    }

    public static TheoryData<string> All => [Minimal, Full, OwnRegistration, TwoRegions, Direct];

    /// <summary>Whether there are predictions. Without them, the tests that need them are not discovered.</summary>
    public static bool ArePredicted => Folder is not null;

    public IReadOnlyList<PredictedResource> Resources { get; }

    public JsonElement Outputs { get; }

    /// <summary>The entire prediction.</summary>
    public string Text { get; }

    /// <summary>The template of the predictions. It is built next to the folder of the parameter files.</summary>
    public static JsonElement Template() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder!, "../../main.json"))).RootElement;

    private static string? Folder => Environment.GetEnvironmentVariable(FolderVariable);

    public static Deployment Load(string name) =>
        new(JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder!, name + ".snapshot.json"))).RootElement);

    public IEnumerable<PredictedResource> Of(string type) => Resources.Where(resource => resource.Type == type);

    /// <summary>The managed identity with which the app uses other resources.</summary>
    public PredictedResource AppIdentity() => Identity("id-mcp-");

    /// <summary>The managed identity with which the platform stores and reads the deployed package.</summary>
    public PredictedResource DeploymentIdentity() => Identity("id-deploy-mcp-");

    /// <summary>The app settings of each app, in the order of the regions.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> AppSettings() =>
        Of("Microsoft.Web/sites/config").Select(static settings =>
            (IReadOnlyDictionary<string, string>)settings.Json.GetProperty("properties").EnumerateObject()
                .ToDictionary(static setting => setting.Name, static setting => setting.Value.GetString()!));

    private PredictedResource Identity(string prefix) => Of("Microsoft.ManagedIdentity/userAssignedIdentities")
        .Single(identity => identity.Name.StartsWith(prefix, StringComparison.Ordinal));
}
