using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Xunit;

namespace RemoteMcp.Tests.Tools;

/// <summary>A real MCP client and server in this process that are connected by pipes, as they are over stdio.</summary>
internal sealed class PipedConnection : IAsyncDisposable
{
    private readonly McpServer _server;
    private readonly Task _running;

    private PipedConnection(McpServer server, Task running, McpClient client) => (_server, _running, Client) = (server, running, client);

    public McpClient Client { get; }

    /// <param name="services">The services, which include the options of the MCP server.</param>
    /// <param name="options">The options of the client.</param>
    public static async Task<PipedConnection> OpenAsync(IServiceProvider services, McpClientOptions options)
    {
        var (toServer, toClient) = (new Pipe(), new Pipe());
        var server = McpServer.Create(
            new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()),
            services.GetRequiredService<IOptions<McpServerOptions>>().Value,
            serviceProvider: services);
        var running = server.RunAsync(CancellationToken.None);
        var client = await McpClient.CreateAsync(
            new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()),
            options,
            cancellationToken: TestContext.Current.CancellationToken);
        return new PipedConnection(server, running, client);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _server.DisposeAsync();
        await _running;
    }
}
