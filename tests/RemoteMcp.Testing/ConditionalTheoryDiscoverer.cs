using Xunit.Sdk;
using Xunit.v3;

namespace RemoteMcp.Testing;

/// <summary>Represents a theory with a prerequisite that is not available on every machine.</summary>
internal interface IConditionalTheory
{
    bool IsAvailable { get; }
}

/// <summary>Discovers no test case if the prerequisite is not available. A skipped test would look like a problem to fix.</summary>
internal sealed class ConditionalTheoryDiscoverer : TheoryDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        factAttribute is IConditionalTheory { IsAvailable: true } ? base.Discover(discoveryOptions, testMethod, factAttribute) : new([]);
}
