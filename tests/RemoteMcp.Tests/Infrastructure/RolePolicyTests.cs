using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class RolePolicyTests
{
    private const string BlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string BlobDataReader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
    private const string BlobDataContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    private const string TableDataContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string MonitoringMetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    private const string Reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    private const string CryptoServiceEncryptionUser = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
    private const string LogAnalyticsReader = "73c42c96-874c-492b-b04d-ab87d138a893";

    private static readonly string[] s_always =
    [
        $"{BlobDataOwner} sthost/azure-webjobs-hosts",
        $"{BlobDataOwner} sthost/azure-webjobs-secrets",
        $"{BlobDataContributor} sthost/deployments",
        $"{CryptoServiceEncryptionUser} kv-mcp/key-ring",
        $"{MonitoringMetricsPublisher} appi-mcp",
        $"{TableDataContributor} stdata",
    ];

    [PredictedTheory]
    [InlineData(Deployment.Minimal, $"{BlobDataReader} stdata/files")]
    [InlineData(
        Deployment.Full,
        $"{BlobDataContributor} stdata/files",
        $"{Reader} subscription",
        $"{LogAnalyticsReader} log-mcp",
        $"{BlobDataOwner} second:sthost/azure-webjobs-hosts",
        $"{BlobDataOwner} second:sthost/azure-webjobs-secrets",
        $"{BlobDataContributor} second:sthost/deployments")]
    [InlineData(
        Deployment.TwoRegions,
        $"{BlobDataReader} stdata/files",
        $"{BlobDataOwner} second:sthost/azure-webjobs-hosts",
        $"{BlobDataOwner} second:sthost/azure-webjobs-secrets",
        $"{BlobDataContributor} second:sthost/deployments")]
    [InlineData(Deployment.OwnRegistration, $"{BlobDataReader} stdata/files", $"{Reader} group", $"{LogAnalyticsReader} log-mcp")]
    public void Exactly_the_required_roles_are_assigned_at_their_scopes(string name, params string[] besides)
    {
        var roles = Deployment.Load(name).Of("Microsoft.Authorization/roleAssignments")
            .Select(static role => $"{role["properties.roleDefinitionId"].Split('/')[^1]} {Short(role.Scope)}");

        Assert.Equal(s_always.Concat(besides).Order(), roles.Order());
    }

    // An app that could write there could replace its own code.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void App_identity_has_no_role_on_the_container_of_its_own_code(string name)
    {
        var deployment = Deployment.Load(name);
        var (app, platform) = (deployment.AppIdentity(), deployment.DeploymentIdentity());
        var containers = deployment.Of("Microsoft.Web/sites")
            .Select(static site => Deployed.Value(site["properties.functionAppConfig.deployment.storage.value"])).ToList();

        Assert.All(deployment.Of("Microsoft.Authorization/roleAssignments"), role =>
        {
            // A role on a whole account, group, or subscription would include the container.
            var reaches = containers.Exists(container => container == Container(role.Scope))
                || (role["properties.roleDefinitionId"].Split('/')[^1] is BlobDataOwner or BlobDataContributor
                    && Container(role.Scope) is null);
            Assert.Equal(Reference.To(reaches ? platform : app, "principalId"), role["properties.principalId"]);
            Assert.Equal("ServicePrincipal", role["properties.principalType"]);
        });
        Assert.All(deployment.AppSettings(), settings =>
            Assert.DoesNotContain(platform.Name, string.Join('\n', settings.Values), StringComparison.Ordinal));
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Only_the_two_identities_of_the_app_have_roles(string name)
    {
        var deployment = Deployment.Load(name);
        var identities = deployment.Of("Microsoft.ManagedIdentity/userAssignedIdentities").ToList();

        Assert.Equal(2, identities.Count);
        Assert.All(
            deployment.Of("Microsoft.Authorization/roleAssignments"),
            role => Assert.Contains(role["properties.principalId"], identities.Select(static each => Reference.To(each, "principalId"))));
        Assert.All(deployment.Of("Microsoft.Web/sites"), app =>
        {
            Assert.Equal(
                identities.Select(static identity => identity.Id).Order(),
                app.Json.GetProperty("identity").GetProperty("userAssignedIdentities").EnumerateObject()
                    .Select(static used => used.Name).Order());
            Assert.Equal(
                deployment.DeploymentIdentity().Id,
                app["properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId"]);
        });
    }

    // azd down does not delete the role assignment on the subscription, and Azure refuses to change the principal of an assignment.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void The_name_of_a_role_assignment_depends_on_its_scope_principal_and_role(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.All(deployment.Of("Microsoft.Authorization/roleAssignments"), role =>
        {
            var principal = role["properties.principalId"][1..^1];
            var definition = role["properties.roleDefinitionId"].Split('/')[^1];
            Assert.Equal($"[guid('{role.Scope}', {principal}, '{definition}')]", role.Name);
        });
    }

    // Returns the name of the resource without its unique suffix, and its container. The prefix "second:" marks the second region's group.
    private static string Short(string scope)
    {
        var parts = scope.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [_, _] => "subscription",
            [_, _, _, _] => "group",
            _ => (parts[3].EndsWith("-2", StringComparison.Ordinal) ? "second:" : "") + parts[7] switch
            {
                ['s', 't', ..] account => account[..6] + (parts.Length > 8 ? "/" + parts[^1] : ""),
                var other => other[..other.LastIndexOf('-')] + (parts.Length > 8 ? "/" + parts[^1] : ""),
            },
        };
    }

    // Returns the URL of a scope that is a blob container.
    private static string? Container(string scope) => scope.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [_, _, _, _, _, _, "storageAccounts", var account, "blobServices", _, "containers", var container] =>
            $"https://{account}.blob.core.windows.net/{container}",
        _ => null,
    };
}
