using System.Text.Json;
using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class ParameterPolicyTests
{
    // azd asks for these two, and for the subscription.
    private static readonly string[] s_required = ["environmentName", "location"];

    [PredictedTheory]
    [InlineData("string", "maxLength", "allowedValues")]
    [InlineData("array", "maxLength")]
    [InlineData("int", "minValue", "allowedValues")]
    [InlineData("int", "maxValue", "allowedValues")]
    public void Every_parameter_has_limits(string type, params string[] limits) => Assert.All(
        Parameters().Where(parameter => parameter.Value.GetProperty("type").GetString() == type),
        parameter => Assert.True(Array.Exists(limits, limit => parameter.Value.TryGetProperty(limit, out _)), parameter.Name));

    [PredictedTheory]
    [InlineData("defaultValue")]
    public void Only_a_name_and_a_region_are_required(string value) => Assert.Equal(
        s_required,
        Parameters().Where(parameter => !parameter.Value.TryGetProperty(value, out _)).Select(static parameter => parameter.Name));

    // Bicep evaluates these conditions. The deployment fails with the message before it creates a resource.
    [PredictedTheory]
    [InlineData("twoRegions", "or(not(variables('withDomain')), empty(parameters('certificate')))", "MCP_SECOND_LOCATION needs")]
    [InlineData(
        "twoRegions",
        "equals(variables('secondName'), variables('firstName'))",
        "MCP_SECOND_LOCATION is the same region as AZURE_LOCATION.")]
    [InlineData("withBudget", "empty(parameters('budgetStart'))", "MCP_MONTHLY_BUDGET needs MCP_BUDGET_START")]
    public void Settings_that_do_not_work_together_are_refused(string variable, string condition, string message)
    {
        var expression = Deployment.Template().GetProperty("variables").GetProperty(variable).GetString();

        Assert.Contains($"if({condition}, fail('{message}", expression, StringComparison.Ordinal);
    }

    private static JsonElement.ObjectEnumerator Parameters() => Deployment.Template().GetProperty("parameters").EnumerateObject();
}
