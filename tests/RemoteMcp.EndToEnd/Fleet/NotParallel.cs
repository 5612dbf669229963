using Xunit;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>The collection of tests with time limits. No other tests run in parallel with them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class NotParallel
{
    public const string Name = "not parallel";
}
