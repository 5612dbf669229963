using System.Runtime.CompilerServices;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace RemoteMcp.Tests.Infrastructure;

/// <summary>
/// A theory about what the templates in <c>infra/</c> would create. Bicep predicts that, and is not on every machine: where no
/// predictions are given the theory does not exist, rather than being skipped.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(Discoverer))]
internal sealed class PredictedTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber)
{
    internal sealed class Discoverer : TheoryDiscoverer
    {
        public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
            ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
            Deployment.ArePredicted ? base.Discover(discoveryOptions, testMethod, factAttribute) : new([]);
    }
}
