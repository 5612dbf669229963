using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class NetworkPolicyTests
{
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Everything_requires_TLS_1_2_or_later(string name)
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
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void No_blob_is_public(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.All(
            deployment.Of("Microsoft.Storage/storageAccounts"),
            static account => Assert.Equal("false", account["properties.allowBlobPublicAccess"]));
        Assert.All(
            deployment.Of("Microsoft.Storage/storageAccounts/blobServices/containers"),
            static container => Assert.Equal("None", container["properties.publicAccess"]));
    }

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    public void Storage_and_vault_are_reachable_only_through_the_private_network(string name)
    {
        var deployment = Deployment.Load(name);
        var ways = deployment.Of("Microsoft.Network/privateEndpoints")
            .Select(static endpoint => endpoint.Json.GetProperty("properties")
                .GetProperty("privateLinkServiceConnections")[0].GetProperty("properties"))
            .Select(static way => (
                Account: way.GetProperty("privateLinkServiceId").GetString()!,
                Service: way.GetProperty("groupIds")[0].GetString()!))
            .ToLookup(static way => way.Account, static way => way.Service);

        Assert.All(deployment.Of("Microsoft.Storage/storageAccounts"), account =>
        {
            Assert.Equal("Disabled", account["properties.publicNetworkAccess"]);
            Assert.Equal("Deny", account["properties.networkAcls.defaultAction"]);
            // Each region has private endpoints to the data, and one to the host storage of that region.
            string[] expected = account.Name.StartsWith("stdata", StringComparison.Ordinal) ? ["blob", "blob", "table", "table"] : ["blob"];
            Assert.Equal(expected, ways[account.Id].Order());
        });
        var vault = Assert.Single(deployment.Of("Microsoft.KeyVault/vaults"));
        Assert.Equal("Disabled", vault["properties.publicNetworkAccess"]);
        Assert.Equal("Deny", vault["properties.networkAcls.defaultAction"]);
        Assert.Equal(["vault", "vault"], ways[vault.Id]);
        Assert.All(
            deployment.Of("Microsoft.Web/sites"),
            static app => Assert.EndsWith("/subnets/app", app["properties.virtualNetworkSubnetId"], StringComparison.Ordinal));
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    public void There_is_no_network_and_no_second_region_by_default(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.DoesNotContain(
            deployment.Resources, static resource => resource.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal));
        Assert.Single(deployment.Of("Microsoft.Web/sites"));
        Assert.Single(deployment.Of("Microsoft.Resources/resourceGroups"));
    }

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    [InlineData(Deployment.TwoRegions)]
    public void DNS_fails_over_from_the_first_region_to_the_second(string name)
    {
        var deployment = Deployment.Load(name);
        var profile = Assert.Single(deployment.Of("Microsoft.Network/trafficmanagerprofiles"));
        var endpoints = profile.Json.GetProperty("properties").GetProperty("endpoints").EnumerateArray()
            .Select(static endpoint => endpoint.GetProperty("properties")).ToList();
        // North Europe is the first region.
        var apps = deployment.Of("Microsoft.Web/sites").OrderBy(static app => app["location"]);

        Assert.Equal("Priority", profile["properties.trafficRoutingMethod"]);
        Assert.Equal([1, 2], endpoints.Select(static endpoint => endpoint.GetProperty("priority").GetInt32()));
        Assert.Equal(
            apps.Select(static app => Reference.To(app, "defaultHostName")),
            endpoints.Select(static endpoint => endpoint.GetProperty("target").GetString()));
        Assert.Equal(Reference.To(profile, "dnsConfig.fqdn"), deployment.Outputs.GetProperty("MCP_DOMAIN_CNAME").GetString());
        Assert.Equal("60", profile["properties.dnsConfig.ttl"]);
    }

    // Flex Consumption bills at least one second for each request. A TCP connection is not a request.
    [PredictedTheory]
    [InlineData(Deployment.Full)]
    [InlineData(Deployment.TwoRegions)]
    public void Region_health_checks_send_no_HTTP_request(string name)
    {
        var profile = Assert.Single(Deployment.Load(name).Of("Microsoft.Network/trafficmanagerprofiles"));

        Assert.Equal("TCP 443", $"{profile["properties.monitorConfig.protocol"]} {profile["properties.monitorConfig.port"]}");
        Assert.Equal("", profile["properties.monitorConfig.path"]);
    }

    // A managed certificate is validated over HTTP at the domain, and the domain leads to only one region.
    [PredictedTheory]
    [InlineData(Deployment.Full)]
    [InlineData(Deployment.TwoRegions)]
    public void Both_regions_serve_the_domain_with_the_teams_own_certificate(string name)
    {
        var deployment = Deployment.Load(name);
        var certificates = deployment.Of("Microsoft.Web/sites/certificates").ToList();
        var bindings = deployment.Of("Microsoft.Web/sites/hostNameBindings").ToList();

        Assert.Equal(2, certificates.Count);
        Assert.All(certificates, static certificate =>
        {
            Assert.EndsWith("/vaults/kv-contoso", certificate["properties.keyVaultId"], StringComparison.Ordinal);
            Assert.Equal("tools", certificate["properties.keyVaultSecretName"]);
        });
        Assert.Equal(
            deployment.Of("Microsoft.Web/sites").Select(static app => app.Name + "/tools.contoso.com").Order(),
            bindings.Select(static binding => binding.Name).Order());
        Assert.Equal(
            certificates.Select(static certificate => ("SniEnabled", Reference.To(certificate, "thumbprint"))).Order(),
            bindings.Select(static binding => (binding["properties.sslState"], binding["properties.thumbprint"])).Order());
    }

    [PredictedTheory]
    [InlineData(Deployment.OwnRegistration)]
    public void A_single_region_with_a_domain_has_a_certificate_that_Azure_renews(string name)
    {
        var certificate = Assert.Single(Deployment.Load(name).Of("Microsoft.Web/sites/certificates"));

        Assert.Equal("mcp.contoso.com", certificate["properties.canonicalName"]);
    }

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    [InlineData(Deployment.TwoRegions)]
    public void A_second_region_has_its_own_app_and_host_storage_and_shares_the_data(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.Equal(["northeurope", "swedencentral"], deployment.Of("Microsoft.Web/sites").Select(static app => app["location"]).Order());
        Assert.Equal(
            2, deployment.AppSettings().Select(static settings => settings["AzureWebJobsStorage__accountName"]).Distinct().Count());
        Assert.Single(deployment.AppSettings().Select(static settings => settings["RemoteMcp__Storage__TableEndpoint"]).Distinct());
        Assert.Equal(
            ["mcp", "mcp-second"],
            deployment.Resources.Select(static resource => resource["tags.azd-service-name"]).Where(static tag => tag.Length > 0).Order());
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal, "Standard_LRS", "Standard_LRS", "false")]
    [InlineData(Deployment.Full, "Standard_GZRS", "Standard_ZRS", "true")]
    [InlineData(Deployment.TwoRegions, "Standard_GRS", "Standard_LRS", "false")]
    public void Storage_and_plans_are_redundant_only_as_configured(string name, string data, string host, string zones)
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
