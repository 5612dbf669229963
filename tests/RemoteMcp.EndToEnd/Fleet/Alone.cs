using Xunit;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>Tests with promises about time; nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class Alone
{
    public const string Name = "alone";
}
