using System.Runtime.CompilerServices;
using RemoteMcp.Tests;
using RemoteMcp.Tests.Infrastructure;
using Xunit;
using Xunit.v3;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>A theory about a Functions app.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(GivenTheoryDiscoverer))]
internal sealed class FunctionsTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber), IGivenTheory
{
    /// <summary>Whether the test starts the app itself, with settings of its own, so that one that runs already does not do.</summary>
    public bool StartsTheApp { get; set; }

    /// <summary>Whether the settings come from the templates in <c>infra/</c>, whose predictions then have to be given, too.</summary>
    public bool TakesPredictions { get; set; }

    public bool IsGiven => (StartsTheApp ? FunctionsApp.Harness is not null : FunctionsApp.IsGiven) && (!TakesPredictions || Deployment.ArePredicted);
}
