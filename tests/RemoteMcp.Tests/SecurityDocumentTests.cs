using System.Text.RegularExpressions;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.Tests;

/// <summary>Tests that docs/security.md names a test for each threat, and that each of these tests exists.</summary>
public sealed partial class SecurityDocumentTests
{
    [Fact]
    public async Task Every_threat_has_a_test_that_exists()
    {
        var document = await Repository.ReadAsync("docs/security.md", TestContext.Current.CancellationToken);
        var tests = Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(static file => TestMethod().Matches(File.ReadAllText(file)).Select(static match => match.Groups[1].Value))
            .ToHashSet(StringComparer.Ordinal);

        var threats = document.Split('\n')
            .SkipWhile(static line => line != "## Threats")
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(2)
            .ToList();

        Assert.True(threats.Count > 20, "The table of threats was not found.");
        Assert.All(threats, threat =>
        {
            var named = NamedTest().Matches(threat.Split('|')[3]).Select(static match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(name, tests));
        });
    }

    [GeneratedRegex(@"public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex NamedTest();
}
