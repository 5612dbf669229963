using Xunit;

namespace RemoteMcp.EndToEnd;

/// <summary>Contains the tests that measure time or use the whole machine, so that no other test runs at the same time.</summary>
[CollectionDefinition(nameof(NonParallel), DisableParallelization = true)]
public sealed class NonParallel;
