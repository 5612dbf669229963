using RemoteMcp.EndToEnd.Azurite;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedAzurite))]

namespace RemoteMcp.EndToEnd.Azurite;

/// <summary>
/// The Azurite process that all tests share. The first test that needs it starts it. The tests share the account, so each test uses unique
/// names (<see cref="UniqueName"/>) for the table prefix or the container. A test that stops or breaks storage starts a separate
/// <see cref="AzuriteProcess"/>.
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
