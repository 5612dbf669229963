using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

/// <summary>
/// Tests the regions that the templates refuse. The script <c>infra/tests/evaluate</c> also evaluates the deployments in
/// <c>infra/tests/refused</c>.
/// </summary>
public sealed class RegionPolicyTests
{
    [PredictedTheory]
    [InlineData("token", "__bicep.flexRegion(parameters('location'), 'AZURE_LOCATION')")]
    [InlineData("otherRegion", "__bicep.flexRegion(parameters('secondLocation'), 'MCP_SECOND_LOCATION')")]
    [InlineData("secondToken", "variables('otherRegion')")]
    public void Regions_are_checked_before_they_become_part_of_a_name(string variable, string check) =>
        Assert.Contains(check, Deployment.Template().GetProperty("variables").GetProperty(variable).GetString(), StringComparison.Ordinal);
}
