using System.Text.Json;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.Tests.Documents;

/// <summary>Compares the versions that the documents pin with the versions that the tests use.</summary>
public sealed class PinnedVersionTests
{
    [Theory]
    [InlineData("node")]
    [InlineData("@modelcontextprotocol/inspector")]
    public void Version_in_the_contributing_guide_is_the_version_that_the_tests_use(string package)
    {
        using var clients = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("tests/clients/package.json")));
        var version = clients.RootElement.GetProperty("dependencies").GetProperty(package).GetString();

        var guide = File.ReadAllText(Repository.PathOf("CONTRIBUTING.md"));
        Assert.Contains($" --package {package}@{version} ", guide, StringComparison.Ordinal);
    }
}
