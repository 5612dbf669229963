using RemoteMcp.EndToEnd.Azurite;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedAzurite))]

namespace RemoteMcp.EndToEnd.Azurite;

/// <summary>
/// The suite's Azurite, started by the first test that asks for it. Tests share the account, so each uses names of its own
/// (<see cref="UniqueName"/> as the table prefix or the container). Who stops or breaks storage starts an own <see cref="AzuriteProcess"/>.
/// </summary>
public sealed class SharedAzurite : IAsyncDisposable
{
    private readonly Lazy<Task<AzuriteProcess>> _process = new(() => AzuriteProcess.StartAsync());

    public static string UniqueName() => $"t{Guid.NewGuid():N}"[..20];

    public Task<AzuriteProcess> GetAsync() => _process.Value;

    public async ValueTask DisposeAsync()
    {
        if (_process.IsValueCreated)
        {
            await (await _process.Value).DisposeAsync();
        }
    }
}
