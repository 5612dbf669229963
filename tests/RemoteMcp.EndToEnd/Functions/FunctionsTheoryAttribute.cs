using System.Runtime.CompilerServices;
using RemoteMcp.Tests.Infrastructure;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>
/// A theory about a Functions app. Where none is given it does not exist, rather than being skipped: nobody without the Functions tools
/// has anything to mend.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(Discoverer))]
internal sealed class FunctionsTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber)
{
    /// <summary>Whether the test starts the app itself, with settings of its own, so that one that runs already does not do.</summary>
    public bool StartsTheApp { get; set; }

    /// <summary>Whether the settings come from the templates in <c>infra/</c>, whose predictions then have to be given, too.</summary>
    public bool TakesPredictions { get; set; }

    private bool IsPossible => (StartsTheApp ? FunctionsApp.Harness is not null : FunctionsApp.IsGiven) && (!TakesPredictions || Deployment.ArePredicted);

    internal sealed class Discoverer : TheoryDiscoverer
    {
        public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
            ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
            factAttribute is FunctionsTheoryAttribute { IsPossible: true } ? base.Discover(discoveryOptions, testMethod, factAttribute) : new([]);
    }
}
