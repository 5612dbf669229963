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
    private const string LogAnalyticsReader = "73c42c96-874c-492b-b04d-ab87d138a893";

    private static readonly string[] s_always =
    [
        $"{BlobDataOwner} sthost/azure-webjobs-hosts",
        $"{BlobDataOwner} sthost/azure-webjobs-secrets",
        $"{BlobDataOwner} sthost/deployments",
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
        $"{BlobDataOwner} second:sthost/deployments")]
    [InlineData(
        Deployment.TwoRegions,
        $"{BlobDataReader} stdata/files",
        $"{BlobDataOwner} second:sthost/azure-webjobs-hosts",
        $"{BlobDataOwner} second:sthost/azure-webjobs-secrets",
        $"{BlobDataOwner} second:sthost/deployments")]
    [InlineData(Deployment.OwnRegistration, $"{BlobDataReader} stdata/files", $"{Reader} group", $"{LogAnalyticsReader} log-mcp")]
    public void Exactly_the_required_roles_are_assigned_at_their_scopes(string name, params string[] besides)
    {
        var roles = Deployment.Load(name).Of("Microsoft.Authorization/roleAssignments")
            .Select(static role => $"{role["properties.roleDefinitionId"].Split('/')[^1]} {Short(role.Scope)}");

        Assert.Equal(s_always.Concat(besides).Order(), roles.Order());
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Only_the_managed_identity_has_roles(string name)
    {
        var deployment = Deployment.Load(name);
        var identity = Assert.Single(deployment.Of("Microsoft.ManagedIdentity/userAssignedIdentities"));

        Assert.All(deployment.Of("Microsoft.Authorization/roleAssignments"), role =>
        {
            Assert.Equal(Reference.To(identity, "principalId"), role["properties.principalId"]);
            Assert.Equal("ServicePrincipal", role["properties.principalType"]);
        });
        Assert.All(deployment.Of("Microsoft.Web/sites"), app =>
            Assert.Equal(
                [identity.Id],
                app.Json.GetProperty("identity").GetProperty("userAssignedIdentities").EnumerateObject().Select(static used => used.Name)));
    }

    // azd down does not delete the role assignment on the subscription, and Azure refuses to change the principal of an assignment.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void The_name_of_a_role_assignment_depends_on_its_scope_principal_and_role(string name)
    {
        var deployment = Deployment.Load(name);
        var identity = Assert.Single(deployment.Of("Microsoft.ManagedIdentity/userAssignedIdentities"));
        var principal = Reference.To(identity, "principalId")[1..^1];

        Assert.All(deployment.Of("Microsoft.Authorization/roleAssignments"), role =>
        {
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
                var other => other[..other.LastIndexOf('-')],
            },
        };
    }
}
