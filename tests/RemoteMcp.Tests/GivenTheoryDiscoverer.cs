using Xunit.Sdk;
using Xunit.v3;

namespace RemoteMcp.Tests;

/// <summary>A theory about something that not every machine has.</summary>
internal interface IGivenTheory
{
    bool IsGiven { get; }
}

/// <summary>Where the thing is not given the theory does not exist, rather than being skipped: nobody there has anything to mend.</summary>
internal sealed class GivenTheoryDiscoverer : TheoryDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
        factAttribute is IGivenTheory { IsGiven: true } ? base.Discover(discoveryOptions, testMethod, factAttribute) : new([]);
}
