using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class NetworkPolicyTests
{
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Everything_is_reached_by_TLS_1_2_or_later_alone(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.All(deployment.Of("Microsoft.Storage/storageAccounts"), static account =>
        {
            Assert.Equal("TLS1_2", account["properties.minimumTlsVersion"]);
            Assert.Equal("true", account["properties.supportsHttpsTrafficOnly"]);
        });
        Assert.All(deployment.Of("Microsoft.Web/sites"), static app =>
        {
            Assert.Equal("true", app["properties.httpsOnly"]);
            Assert.Equal("1.2", app["properties.siteConfig.minTlsVersion"]);
            Assert.Equal("1.2", app["properties.siteConfig.scmMinTlsVersion"]);
        });
        Assert.All(deployment.Of("Microsoft.Cdn/profiles/customDomains"), static domain => Assert.Equal("TLS12", domain["properties.tlsSettings.minimumTlsVersion"]));
        Assert.All(deployment.Of("Microsoft.Cdn/profiles/afdEndpoints/routes"), static route =>
        {
            Assert.Equal("Enabled", route["properties.httpsRedirect"]);
            Assert.Equal("HttpsOnly", route["properties.forwardingProtocol"]);
        });
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void No_blob_is_public(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.All(deployment.Of("Microsoft.Storage/storageAccounts"), static account => Assert.Equal("false", account["properties.allowBlobPublicAccess"]));
        Assert.All(deployment.Of("Microsoft.Storage/storageAccounts/blobServices/containers"), static container => Assert.Equal("None", container["properties.publicAccess"]));
    }

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    public void A_private_network_is_the_only_way_to_storage(string name)
    {
        var deployment = Deployment.Load(name);
        var ways = deployment.Of("Microsoft.Network/privateEndpoints")
            .Select(static endpoint => endpoint.Json.GetProperty("properties").GetProperty("privateLinkServiceConnections")[0].GetProperty("properties"))
            .Select(static way => (Account: way.GetProperty("privateLinkServiceId").GetString()!, Service: way.GetProperty("groupIds")[0].GetString()!))
            .ToLookup(static way => way.Account, static way => way.Service);

        Assert.All(deployment.Of("Microsoft.Storage/storageAccounts"), account =>
        {
            Assert.Equal("Disabled", account["properties.publicNetworkAccess"]);
            Assert.Equal("Deny", account["properties.networkAcls.defaultAction"]);
            // Each region has its own way to the data; host storage is its own region's.
            string[] expected = account.Name.StartsWith("stdata", StringComparison.Ordinal) ? ["blob", "blob", "table", "table"] : ["blob"];
            Assert.Equal(expected, ways[account.Id].Order());
        });
        Assert.All(deployment.Of("Microsoft.Web/sites"), static app => Assert.EndsWith("/subnets/app", app["properties.virtualNetworkSubnetId"], StringComparison.Ordinal));
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    public void Without_being_asked_for_there_is_no_network_and_no_second_region(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.DoesNotContain(deployment.Resources, static resource => resource.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal));
        Assert.DoesNotContain(deployment.Resources, static resource => resource.Type.StartsWith("Microsoft.Cdn/", StringComparison.Ordinal));
        Assert.Single(deployment.Of("Microsoft.Web/sites"));
        Assert.Single(deployment.Of("Microsoft.Resources/resourceGroups"));
    }

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    [InlineData(Deployment.TwoRegions)]
    public void Behind_Front_Door_an_app_lets_nobody_else_in(string name)
    {
        var deployment = Deployment.Load(name);
        var frontDoor = Assert.Single(deployment.Of("Microsoft.Cdn/profiles"));

        Assert.All(deployment.Of("Microsoft.Web/sites"), app =>
        {
            Assert.Equal("Deny", app["properties.siteConfig.ipSecurityRestrictionsDefaultAction"]);
            var rule = Assert.Single(app.Json.GetProperty("properties").GetProperty("siteConfig").GetProperty("ipSecurityRestrictions").EnumerateArray());
            Assert.Equal("AzureFrontDoor.Backend", rule.GetProperty("ipAddress").GetString());
            Assert.Equal(Reference.To(frontDoor, "frontDoorId"), rule.GetProperty("headers").GetProperty("x-azure-fdid")[0].GetString());
        });
    }

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    [InlineData(Deployment.TwoRegions)]
    public void A_second_region_has_an_app_and_host_storage_of_its_own_and_shares_the_data(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.Equal(["northeurope", "swedencentral"], deployment.Of("Microsoft.Web/sites").Select(static app => app["location"]).Order());
        Assert.Equal(2, deployment.AppSettings().Select(static settings => settings["AzureWebJobsStorage__accountName"]).Distinct().Count());
        Assert.Single(deployment.AppSettings().Select(static settings => settings["RemoteMcp__State__TableEndpoint"]).Distinct());
        Assert.Equal(["1", "2"], deployment.Of("Microsoft.Cdn/profiles/originGroups/origins").Select(static origin => origin["properties.priority"]).Order());
        Assert.Equal(["mcp", "mcp-second"], deployment.Resources.Select(static resource => resource["tags.azd-service-name"]).Where(static tag => tag.Length > 0).Order());
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal, "Standard_LRS", "Standard_LRS", "false")]
    [InlineData(Deployment.Full, "Standard_GZRS", "Standard_ZRS", "true")]
    [InlineData(Deployment.TwoRegions, "Standard_GRS", "Standard_LRS", "false")]
    public void Zones_and_regions_are_spread_over_where_they_are_asked_for(string name, string data, string host, string zones)
    {
        var deployment = Deployment.Load(name);

        Assert.All(deployment.Of("Microsoft.Storage/storageAccounts"), account =>
            Assert.Equal(account.Name.StartsWith("stdata", StringComparison.Ordinal) ? data : host, account["sku.name"]));
        Assert.All(deployment.Of("Microsoft.Web/serverfarms"), plan =>
        {
            Assert.Equal("FC1", plan["sku.name"]);
            Assert.Equal(zones, plan["properties.zoneRedundant"]);
        });
    }
}
