using Xunit;

namespace RemoteMcp.Tests;

/// <summary>
/// Contains the tests that must not run in parallel: they change the environment of the process, from which Azure.Identity reads the
/// managed identity, or they measure the memory of the process.
/// </summary>
[CollectionDefinition(nameof(NonParallel), DisableParallelization = true)]
public sealed class NonParallel;
