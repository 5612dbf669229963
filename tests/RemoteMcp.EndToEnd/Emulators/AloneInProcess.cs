using Xunit;

namespace RemoteMcp.EndToEnd.Emulators;

/// <summary>Tests that change this process's environment, by which Azure.Identity finds a managed identity.</summary>
[CollectionDefinition(nameof(AloneInProcess), DisableParallelization = true)]
public sealed class AloneInProcess;
