using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

/// <summary>Regions that the templates refuse. <c>infra/tests/evaluate</c> tries the deployments of <c>infra/tests/refused</c>.</summary>
public sealed class RegionPolicyTests
{
    [PredictedTheory]
    [InlineData("token", "__bicep.flexRegion(parameters('location'), 'AZURE_LOCATION')")]
    [InlineData("otherRegion", "__bicep.flexRegion(parameters('secondLocation'), 'MCP_SECOND_LOCATION')")]
    [InlineData("secondToken", "variables('otherRegion')")]
    public void No_name_is_made_of_a_region_that_cannot_be_deployed_to(string variable, string check) =>
        Assert.Contains(check, Deployment.Template().GetProperty("variables").GetProperty(variable).GetString(), StringComparison.Ordinal);
}
