using Xunit;

namespace RemoteMcp.Tests;

/// <summary>Tests that change this process's environment, by which Azure.Identity finds a managed identity, or measure its memory.</summary>
[CollectionDefinition(nameof(AloneInProcess), DisableParallelization = true)]
public sealed class AloneInProcess;
