using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

/// <summary>Checks when azd deploys each service of <c>azure.yaml</c>.</summary>
public sealed partial class SecondServiceTests
{
    private static readonly string s_repository = Path.GetFullPath(Path.Combine(ThisFolder(), "../../.."));

    // isConditionTrue in azd's pkg/project/service_config.go, the same from 1.24.0 to 1.31.2. It is case-sensitive.
    private static readonly HashSet<string> s_true = ["1", "true", "TRUE", "True", "yes", "YES", "Yes"];

    // `azd up` evaluates conditions before it runs the first hook (internal/cmd/up_graph.go of azd 1.25 and later). It builds all enabled
    // services at the same time. If two services have the same project, both builds fail.
    [Fact]
    public void An_azd_command_for_all_services_deploys_each_project_once()
    {
        var enabled = Services().Where(static service => IsEnabled(service.Condition, static _ => "")).ToList();

        Assert.Equal(["mcp"], enabled.Select(static service => service.Name));
        Assert.Equal(enabled.Count, enabled.Select(static service => service.Project).Distinct().Count());
    }

    // The environment of azd contains the outputs of the template, and the documented variables of `azd env set`.
    [Fact]
    public void Nothing_in_azds_environment_enables_the_second_service()
    {
        var variable = Variable().Match(Services().Single(static service => service.Name == "mcp-second").Condition).Groups["name"].Value;

        Assert.DoesNotContain($"output {variable} ", Read("infra/main.bicep"), StringComparison.Ordinal);
        Assert.DoesNotContain(variable, Read("infra/main.bicepparam"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sh", @"(?<name>MCP_\w+)=(?<value>\w+) azd deploy mcp-second ")]
    [InlineData("ps1", @"\$env:(?<name>MCP_\w+) = '(?<value>\w+)'\n +azd deploy mcp-second ")]
    public void The_hook_enables_the_second_service_for_its_own_command(string shell, string command)
    {
        var set = Regex.Match(Read($"infra/hooks/deploy-second.{shell}"), command);
        var first = Services().Single(static service => service.Name == "mcp");
        var second = Services().Single(static service => service.Name == "mcp-second");

        Assert.True(IsEnabled(second.Condition, name => name == set.Groups["name"].Value ? set.Groups["value"].Value : ""));
        Assert.Contains($"run: ../../infra/hooks/deploy-second.{shell}\n", first.Text, StringComparison.Ordinal);
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal, "false")]
    [InlineData(Deployment.TwoRegions, "true")]
    public void The_template_tells_the_hook_whether_there_is_a_second_region(string name, string expected) =>
        Assert.Equal(expected, Deployment.Load(name).Outputs.GetProperty("MCP_SECOND_REGION").GetString());

    private static bool IsEnabled(string condition, Func<string, string> environment) =>
        condition.Length == 0 || s_true.Contains(Variable().Replace(condition, match => environment(match.Groups["name"].Value)));

    private static IEnumerable<(string Name, string Project, string Condition, string Text)> Services() =>
        Service().Matches(AllServices().Match(Read("azure.yaml")).Value).Select(static service => (
            service.Groups["name"].Value,
            Project().Match(service.Value).Groups["value"].Value,
            Condition().Match(service.Value).Groups["value"].Value,
            service.Value));

    private static string Read(string path) => File.ReadAllText(Path.Combine(s_repository, path));

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"(?<=^services:\n)(?: .*\n)+", RegexOptions.Multiline)]
    private static partial Regex AllServices();

    [GeneratedRegex(@"^  (?<name>[\w-]+):\n(?:    .*\n)+", RegexOptions.Multiline)]
    private static partial Regex Service();

    [GeneratedRegex(@"^    project: (?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex Project();

    [GeneratedRegex(@"^    condition: (?<value>.*)$", RegexOptions.Multiline)]
    private static partial Regex Condition();

    [GeneratedRegex(@"\$\{(?<name>\w+)\}")]
    private static partial Regex Variable();
}
