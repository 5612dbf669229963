using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using RemoteMcp.Cli.Hosting.Stdio;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Cli.Stdio;

/// <summary>A server with <see cref="TestTools"/> whose standard input and output are pipes of the test.</summary>
internal sealed class StdioServer : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Pipe _input = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly StreamReader _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private StdioServer(ServiceProvider services)
    {
        _services = services;
        var output = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        _output = new StreamReader(output.Reader.AsStream());
        var transport = new StdioTransport(output.Writer.AsStream(), services.GetRequiredService<ILoggerFactory>());
        var server = McpServer.Create(
            transport, services.GetRequiredService<IOptions<McpServerOptions>>().Value, serviceProvider: services);
        _running = server.RunAsync(_closed.Token);
        Connection = RunAsync(transport, output.Writer);
    }

    /// <summary>Gets the task that completes when the connection has ended.</summary>
    public Task Connection { get; }

    public Rendezvous Rendezvous => _services.GetRequiredService<Rendezvous>();

    public static StdioServer Start(params (string Name, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<Rendezvous>().AddSingleton<StdioConnection>();
        services.AddRemoteMcpOverStdio(configuration).WithTools<TestTools>();
        return new StdioServer(services.BuildServiceProvider());
    }

    /// <summary>Starts a server with a session.</summary>
    public static async Task<StdioServer> StartInitializedAsync(string revision = "2025-11-25", string capabilities = "{}")
    {
        var server = Start();
        await server.WriteAsync(Messages.Initialize(revision, capabilities));
        Assert.NotNull((await server.ReadAsync())["result"]);
        return server;
    }

    public async Task WriteAsync(string line, string end = "\n") =>
        await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + end), TestContext.Current.CancellationToken);

    /// <summary>Ends the input.</summary>
    public Task EndAsync() => _input.Writer.CompleteAsync().AsTask();

    /// <summary>Asks the process to stop, as SIGTERM does.</summary>
    public Task StopAsync() => _stop.CancelAsync();

    /// <summary>Returns the next line of the output.</summary>
    public async Task<JsonNode> ReadAsync() =>
        JsonNode.Parse(await _output.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException())!;

    /// <summary>Returns all further lines, after the connection has ended.</summary>
    public async Task<List<JsonNode>> ReadToEndAsync()
    {
        var lines = new List<JsonNode>();
        while (await _output.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(JsonNode.Parse(line)!);
        }

        await Connection;
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        Rendezvous.Release();
        await EndAsync();
        await Connection;
        await _running;
        await _services.DisposeAsync();
        _output.Dispose();
        _closed.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(StdioTransport transport, PipeWriter output)
    {
        await _services.GetRequiredService<StdioConnection>().RunAsync(_input.Reader.AsStream(), transport, _stop.Token);
        await _closed.CancelAsync();
        await output.CompleteAsync();
    }
}
