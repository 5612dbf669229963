using RemoteMcp.EndToEnd.Clients;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

[assembly: AssemblyFixture(typeof(StartedServers))]

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>The servers that all tests share. The first test that needs a server starts it.</summary>
public sealed class StartedServers : IAsyncDisposable
{
    private readonly Lazy<TeamFolder> _folder = new(TeamFolder.Create);
    private readonly Lazy<Task<ServerProcess>> _conformance;
    private readonly Lazy<Task<ServerProcess>> _remoteMcp;

    public StartedServers()
    {
        _conformance = new(() => ServerProcess.StartAsync(Programs.ConformanceServer, [], CancellationToken.None));
        _remoteMcp = new(() => ServerProcess.StartAsync(Programs.RemoteMcp, ["serve", "--root", Folder.Path], CancellationToken.None));
    }

    /// <summary>The folder that <see cref="RemoteMcpAsync"/> serves.</summary>
    internal TeamFolder Folder => _folder.Value;

    /// <summary>Returns a server with the fixtures of the conformance suite.</summary>
    internal Task<ServerProcess> ConformanceAsync() => _conformance.Value;

    /// <summary>Returns <c>remote-mcp serve</c> with the <see cref="Folder"/>.</summary>
    internal Task<ServerProcess> RemoteMcpAsync() => _remoteMcp.Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (Lazy<Task<ServerProcess>>[])[_conformance, _remoteMcp])
        {
            if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                await server.Value.Result.DisposeAsync();
            }
        }

        if (_folder.IsValueCreated)
        {
            _folder.Value.Dispose();
        }
    }
}
