using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

/// <summary>What people are told of the template's parameters, in the four places that name them.</summary>
public sealed partial class ParameterTests
{
    private static readonly string s_repository = Path.GetFullPath(Path.Combine(ThisFolder(), "../../.."));

    [Fact]
    public void Each_parameter_is_described_with_the_variable_that_sets_it()
    {
        var described = Described().Matches(Read("infra/main.bicep")).ToDictionary(static match => match.Groups["parameter"].Value, static match => match.Groups["variable"].Value);

        Assert.Equal(Declared().Matches(Read("infra/main.bicep")).Select(static match => match.Groups["parameter"].Value), described.Keys);
        Assert.Equal(
            Assigned().Matches(Read("infra/main.bicepparam")).ToDictionary(static match => match.Groups["parameter"].Value, static match => match.Groups["variable"].Value),
            described);
    }

    [Fact]
    public void Each_variable_is_documented_and_reaches_the_pipeline()
    {
        var variables = Assigned().Matches(Read("infra/main.bicepparam")).Select(static match => match.Groups["variable"].Value).ToHashSet();

        Assert.Equal(variables.Order(), Documented().Matches(Read("docs/deploy.md")).Select(static match => match.Groups["variable"].Value).Order());
        // azd hands over its own by itself.
        Assert.Equal(
            variables.Where(static variable => variable.StartsWith("MCP_", StringComparison.Ordinal)).Order(),
            Piped().Matches(Read("azure.yaml")).Select(static match => match.Groups["variable"].Value).Order());
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(s_repository, path));

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"^param (?<parameter>\w+) ", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"^@description\('.*\. azd env set (?<variable>\w+)'\)\n(@\w+\(.*\)\n)*param (?<parameter>\w+) ", RegexOptions.Multiline)]
    private static partial Regex Described();

    [GeneratedRegex(@"^param (?<parameter>\w+) = .*readEnvironmentVariable\('(?<variable>\w+)', ''\)", RegexOptions.Multiline)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"^\| `(?<variable>(AZURE|MCP)_\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Documented();

    [GeneratedRegex(@"^ +- (?<variable>MCP_\w+)$", RegexOptions.Multiline)]
    private static partial Regex Piped();
}
