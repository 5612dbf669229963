using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class FunctionAppPolicyTests
{
    private const string Scaling = "properties.functionAppConfig.scaleAndConcurrency.";

    [PredictedTheory]
    [InlineData(Deployment.Minimal, "2048", "40", "100", 0)]
    [InlineData(Deployment.OwnRegistration, "512", "40", "100", 0)]
    [InlineData(Deployment.Full, "4096", "200", "200", 2)]
    public void An_app_scales_as_configured(
        string name, string memory, string instances, string concurrency, int alwaysReady) => Assert.All(
        Deployment.Load(name).Of("Microsoft.Web/sites"),
        app =>
        {
            Assert.Equal(memory, app[Scaling + "instanceMemoryMB"]);
            Assert.Equal(instances, app[Scaling + "maximumInstanceCount"]);
            Assert.Equal(concurrency, app[Scaling + "triggers.http.perInstanceConcurrency"]);
            var groups = app.Json.GetProperty("properties").GetProperty("functionAppConfig").GetProperty("scaleAndConcurrency")
                .GetProperty("alwaysReady").EnumerateArray();
            var http = groups.Where(static group => group.GetProperty("name").GetString() == "http");
            Assert.Equal(alwaysReady, http.Sum(static group => group.GetProperty("instanceCount").GetInt32()));
        });

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void An_app_is_deployed_to_a_container_in_its_own_region(string name) => Assert.All(
        Deployment.Load(name).Of("Microsoft.Web/sites"),
        static app =>
        {
            Assert.Equal(
                "dotnet-isolated 10.0",
                $"{app["properties.functionAppConfig.runtime.name"]} {app["properties.functionAppConfig.runtime.version"]}");
            Assert.Equal(
                $"https://sthost{app.Name["func-mcp-".Length..]}.blob.core.windows.net/deployments",
                Deployed.Value(app["properties.functionAppConfig.deployment.storage.value"]));
        });

    // Rolling updates are a preview feature of Azure.
    [PredictedTheory]
    [InlineData(Deployment.Minimal, "")]
    [InlineData(Deployment.OwnRegistration, "")]
    [InlineData(Deployment.TwoRegions, "")]
    [InlineData(Deployment.Full, "RollingUpdate")]
    public void Rolling_updates_are_used_only_when_they_are_configured(string name, string strategy) => Assert.All(
        Deployment.Load(name).Of("Microsoft.Web/sites"),
        app => Assert.Equal(strategy, app["properties.functionAppConfig.siteUpdateStrategy.type"]));

    // This property can be set only when the app is created. The certificate of a domain needs it.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void An_app_can_get_a_domain_later(string name) =>
        Assert.All(
            Deployment.Load(name).Of("Microsoft.Web/sites"),
            static app => Assert.Equal("true", app["properties.siteScopedCertificatesEnabled"]));

    // From "Flex Consumption plan deprecations" in the documentation. Azure also refuses some of these properties with error 51021.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Properties_that_Flex_Consumption_refuses_are_not_set(string name) => Assert.All(
        Deployment.Load(name).Of("Microsoft.Web/sites"),
        static app => Assert.Empty(app.Json.GetProperty("properties").GetProperty("siteConfig").EnumerateObject()
            .Select(static property => property.Name)
            .Intersect(
            [
                "alwaysOn", "appSettings", "ftpsState", "functionAppScaleLimit", "functionsRuntimeScaleMonitoringEnabled", "javaVersion",
                "linuxFxVersion", "minimumElasticInstanceCount", "netFrameworkVersion", "powerShellVersion", "preWarmedInstanceCount",
                "use32BitWorkerProcess", "vnetRouteAllEnabled", "windowsFxVersion",
            ])));
}
