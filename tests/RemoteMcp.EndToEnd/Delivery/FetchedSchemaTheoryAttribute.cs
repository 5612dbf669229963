using System.Runtime.CompilerServices;
using RemoteMcp.Testing;
using Xunit;
using Xunit.v3;

namespace RemoteMcp.EndToEnd.Delivery;

/// <summary>A theory about files whose schemas no package contains. The schemas must be downloaded first.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(ConditionalTheoryDiscoverer))]
internal sealed class FetchedSchemaTheoryAttribute(
    [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : TheoryAttribute(sourceFilePath, sourceLineNumber), IConditionalTheory
{
    public bool IsAvailable => PublishedSchemas.AreFetched;
}
