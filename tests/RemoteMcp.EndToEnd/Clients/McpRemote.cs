using ModelContextProtocol.Client;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>A stdio client that reaches a URL through mcp-remote. mcp-remote has an empty home folder.</summary>
internal sealed class McpRemote : IAsyncDisposable
{
    /// <summary>The program of mcp-remote, relative to tests/clients.</summary>
    public const string Script = "node_modules/mcp-remote/dist/proxy.js";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("remote-mcp-client-");
    private McpClient? _client;

    private McpRemote()
    {
    }

    public McpClient Client => _client!;

    public static Task<McpRemote> ConnectAsync(Uri endpoint) => ConnectAsync([endpoint.ToString()], new Dictionary<string, string>());

    public static async Task<McpRemote> ConnectAsync(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var remote = new McpRemote();
        try
        {
            var start = Programs.Node(Script, arguments).With(environment);
            start.Environment["HOME"] = start.Environment["USERPROFILE"] = remote._home.FullName;
            var transport = new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = start.FileName,
                Arguments = start.ArgumentList,
                EnvironmentVariables = start.Environment,
            });
            remote._client = await PatientClient.ConnectAsync(transport, "2025-11-25", TestContext.Current.CancellationToken);
            return remote;
        }
        catch
        {
            await remote.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        _home.Delete(recursive: true);
    }
}
