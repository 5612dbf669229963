using System.Collections.ObjectModel;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using ModelContextProtocol.Client;

namespace RemoteMcp.Benchmarks;

/// <summary>
/// Measures the cost of a call for each transport, with the same tool, the same client, and the server in a separate process. The baseline
/// is stdio, as in a local server. Command: <c>dotnet run -c Release --project bench/RemoteMcp.Benchmarks</c>
/// </summary>
[InProcess]
[MemoryDiagnoser(false)]
public partial class TransportBenchmarks
{
    private const string Tool = "list_directory";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);

    private readonly List<McpClient> _clients = [];
    private ChildProcess? _server;
    private McpClient _stdio = null!;
    private McpClient _stateless = null!;
    private McpClient _session = null!;
    private DirectoryInfo _folder = null!;

    /// <summary>Starts the servers and connects a client to each.</summary>
    [GlobalSetup]
    public async Task ConnectAsync()
    {
        _folder = Directory.CreateTempSubdirectory("remote-mcp-bench-");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "hello.txt"), "hello");
        var program = Path.Combine(AppContext.BaseDirectory, "remote-mcp.dll");
        _stdio = await ConnectAsync(
            new StdioClientTransport(new() { Command = "dotnet", Arguments = [program, "stdio", "--root", _folder.FullName] }),
            "2025-11-25");
        var url = await ServeAsync(program);
        _stateless = await ConnectAsync(
            new HttpClientTransport(new() { Endpoint = url, TransportMode = HttpTransportMode.StreamableHttp }), "2026-07-28");
        _session = await ConnectAsync(
            new HttpClientTransport(new() { Endpoint = url, TransportMode = HttpTransportMode.StreamableHttp }), "2025-11-25");
    }

    /// <summary>Stops the clients and servers.</summary>
    [GlobalCleanup]
    public async Task DisconnectAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>A local server, as a client starts it.</summary>
    [Benchmark(Baseline = true)]
    public Task Stdio() => CallAsync(_stdio);

    /// <summary>By URL, stateless (2026-07-28).</summary>
    [Benchmark]
    public Task HttpStateless() => CallAsync(_stateless);

    /// <summary>By URL, in a session (2025-11-25).</summary>
    [Benchmark]
    public Task HttpSession() => CallAsync(_session);

    private static async Task CallAsync(McpClient client)
    {
        var result = await client.CallToolAsync(Tool);
        if (result.IsError == true)
        {
            throw new InvalidOperationException("The call failed.");
        }
    }

    private async Task<McpClient> ConnectAsync(IClientTransport transport, string revision)
    {
        var client = await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = revision });
        _clients.Add(client);
        return client;
    }

    private async Task<Uri> ServeAsync(string program)
    {
        _server = ChildProcess.StartDotNet(
            [program, "serve", "--root", _folder.FullName, "--urls", "http://127.0.0.1:0"], ReadOnlyDictionary<string, string>.Empty);
        var (address, _) = await _server.ReadUntilAsync(_server.Output, Address(), s_startLimit, CancellationToken.None);
        return new Uri(address.Value);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/mcp")]
    private static partial Regex Address();
}
