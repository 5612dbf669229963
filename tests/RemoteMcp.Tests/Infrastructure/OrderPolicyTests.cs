using System.Text.Json;
using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class OrderPolicyTests
{
    private const string App = "Microsoft.Web/sites";
    private const string Role = "Microsoft.Authorization/roleAssignments";

    // An app that starts before its roles are assigned fails, and Azure takes long to start it again.
    [PredictedTheory]
    [InlineData(2)]
    public void Every_role_is_assigned_before_the_app_of_each_region_is_created(int regions) =>
        Assert.Equal(regions, AppsAfterRoles(Deployment.Template()));

    // Returns the number of modules that create an app, at any depth.
    private static int AppsAfterRoles(JsonElement template)
    {
        var resources = template.GetProperty("resources")
            .EnumerateObject()
            .ToDictionary(static resource => resource.Name, static resource => resource.Value);
        var creators = resources.Where(static resource => Creates(resource.Value, App)).Select(static resource => resource.Key).ToList();
        var roles = resources.Where(static resource => Creates(resource.Value, Role))
            .Select(static resource => resource.Key).Except(creators).ToList();

        Assert.All(creators, creator => Assert.Empty(roles.Except(Dependencies(resources, creator))));
        return creators.Sum(creator => NestedTemplate(resources[creator]) is { } inner ? AppsAfterRoles(inner) : 1);
    }

    private static IEnumerable<string> Dependencies(Dictionary<string, JsonElement> resources, string name) =>
        resources.TryGetValue(name, out var resource) && resource.TryGetProperty("dependsOn", out var others)
            ? others.EnumerateArray().Select(static other => other.GetString()!)
                .SelectMany(other => Dependencies(resources, other).Prepend(other))
            : [];

    private static bool Creates(JsonElement resource, string type) =>
        !resource.TryGetProperty("existing", out _)
        && (resource.GetProperty("type").GetString() == type
            || NestedTemplate(resource) is { } inner && All(inner.GetProperty("resources")).Any(nested => Creates(nested, type)));

    // A template without references to existing resources has an array of resources. Other templates have an object.
    private static IEnumerable<JsonElement> All(JsonElement resources) =>
        resources.ValueKind == JsonValueKind.Array
            ? resources.EnumerateArray()
            : resources.EnumerateObject().Select(static resource => resource.Value);

    private static JsonElement? NestedTemplate(JsonElement resource) =>
        resource.TryGetProperty("properties", out var properties)
            && properties.ValueKind == JsonValueKind.Object
            && properties.TryGetProperty("template", out var template)
                ? template
                : null;
}
