using RemoteMcp.Emulators;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Azure.Identity and MSAL find the managed identity endpoint only by this process's environment: such tests run alone.</summary>
[CollectionDefinition(nameof(ProcessEnvironment), DisableParallelization = true)]
public sealed class ProcessEnvironment
{
    /// <summary>Points this process at the emulator's managed identities until disposed.</summary>
    internal static IDisposable Use(Emulator emulator) => new Restored(emulator.IdentityEnvironment);

    private sealed class Restored : IDisposable
    {
        private readonly Dictionary<string, string?> _before;

        public Restored(IReadOnlyDictionary<string, string> environment)
        {
            _before = environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
            foreach (var (name, value) in environment)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }

        public void Dispose()
        {
            foreach (var (name, value) in _before)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }
}
