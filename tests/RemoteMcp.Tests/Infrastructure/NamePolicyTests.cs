using System.Text.RegularExpressions;
using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class NamePolicyTests
{
    // Azure's rules for the names of these types.
    private static readonly Dictionary<string, string> s_rules = new()
    {
        ["Microsoft.Resources/resourceGroups"] = @"^[\w.()-]{0,89}[\w()-]$",
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = "^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$",
        ["Microsoft.Storage/storageAccounts"] = "^[a-z0-9]{3,24}$",
        ["Microsoft.KeyVault/vaults"] = "^[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]$",
        ["Microsoft.KeyVault/vaults/keys"] = "^[A-Za-z0-9-]{3,24}/[A-Za-z0-9-]{1,127}$",
        ["Microsoft.Web/sites"] = "^[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]$",
        ["Microsoft.Web/serverfarms"] = "^[A-Za-z0-9-]{1,60}$",
        ["Microsoft.OperationalInsights/workspaces"] = "^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$",
        ["Microsoft.Insights/components"] = "^[^%&\\\\?/]{1,254}[^%&\\\\?/. ]$",
        ["Microsoft.Network/trafficmanagerprofiles"] = "^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$",
        ["Microsoft.Network/virtualNetworks"] = "^[A-Za-z0-9][\\w.-]{0,62}\\w$",
    };

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Names_are_valid_in_Azure(string name) => Assert.All(
        Deployment.Load(name).Resources.Where(static resource => s_rules.ContainsKey(resource.Type)),
        static resource => Assert.Matches(s_rules[resource.Type], resource.Name));

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void No_two_resources_have_the_same_name(string name)
    {
        var resources = Deployment.Load(name).Resources
            // A domain is bound twice: without its certificate, which needs the binding, and then with it.
            .Where(static resource => resource.Id.Length > 0 && resource.Type != "Microsoft.Web/sites/hostNameBindings").ToList();

        Assert.Equal(resources.Count, resources.Select(static resource => resource.Id).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Globally_unique_names_have_a_unique_suffix(string name)
    {
        string[] types = ["Microsoft.KeyVault/vaults", "Microsoft.Storage/storageAccounts", "Microsoft.Web/sites"];

        Assert.All(
            types.SelectMany(Deployment.Load(name).Of), static resource => Assert.Matches(new Regex("[a-z2-9]{13}$"), resource.Name));
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Every_resource_that_supports_tags_has_the_environment_name(string name) => Assert.All(
        Deployment.Load(name).Resources.Where(static resource => resource["location"].Length > 0),
        resource => Assert.Equal(name, resource["tags.azd-env-name"]));

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    public void The_teams_own_tags_and_settings_are_kept(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.All(deployment.Of("Microsoft.Web/sites"), static app => Assert.Equal("tools", app["tags.team"]));
        Assert.All(deployment.AppSettings(), static settings => Assert.Equal("contoso", settings["RemoteMcp__Name"]));
    }
}
