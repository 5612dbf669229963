using System.Runtime.CompilerServices;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace RemoteMcp.EndToEnd.Delivery;

/// <summary>The schemas that <c>tests/fetch-schemas</c> fetches, because no package has them.</summary>
internal static class PublishedSchemas
{
    /// <summary>The environment variable with the folder that they were fetched to.</summary>
    public const string FolderVariable = "REMOTE_MCP_SCHEMAS";

    public static bool AreFetched => Folder is not null;

    private static string? Folder => Environment.GetEnvironmentVariable(FolderVariable);

    public static string PathOf(string schema) => Path.Combine(Folder!, schema);
}

/// <summary>A theory about files whose schemas are not in a package: where they were not fetched it does not exist, rather than being skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(Discoverer))]
internal sealed class FetchedSchemaTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber)
{
    internal sealed class Discoverer : TheoryDiscoverer
    {
        public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
            ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
            PublishedSchemas.AreFetched ? base.Discover(discoveryOptions, testMethod, factAttribute) : new([]);
    }
}
