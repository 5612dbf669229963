using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace RemoteMcp.Testing.Infrastructure;

/// <summary>
/// A theory about the resources that the templates in <c>infra/</c> would create. It needs the predictions of bicep, which is not installed
/// on every machine.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(ConditionalTheoryDiscoverer))]
internal sealed class PredictedTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber), IConditionalTheory
{
    public bool IsAvailable => Deployment.ArePredicted;
}
