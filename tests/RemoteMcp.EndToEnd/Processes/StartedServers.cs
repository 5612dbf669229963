using RemoteMcp.EndToEnd.Processes;
using Xunit;

[assembly: AssemblyFixture(typeof(StartedServers))]

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>The servers that all tests share, each started when the first test asks for it.</summary>
public sealed class StartedServers : IAsyncDisposable
{
    private readonly Lazy<Task<ServerProcess>> _conformance =
        new(() => ServerProcess.StartAsync(Programs.ConformanceServer, [], CancellationToken.None));

    /// <summary>Serves the fixtures of the conformance suite.</summary>
    internal Task<ServerProcess> ConformanceAsync() => _conformance.Value;

    public async ValueTask DisposeAsync()
    {
        if (_conformance.IsValueCreated)
        {
            await (await _conformance.Value).DisposeAsync();
        }
    }
}
