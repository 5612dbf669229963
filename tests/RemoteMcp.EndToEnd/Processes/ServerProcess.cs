using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>A server of this repository in a separate process, on a free port of the loopback interface.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    /// <summary>The maximum time until a program accepts connections.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private readonly RunningProcess _process;

    private ServerProcess(RunningProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>The address of the server, such as <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri Address { get; }

    /// <summary>The MCP endpoint for Streamable HTTP.</summary>
    public Uri Endpoint => new(Address, "mcp");

    /// <summary>The endpoint of the HTTP+SSE transport of 2024-11-05.</summary>
    public Uri SseEndpoint => new(Address, "mcp/sse");

    public int ProcessId => _process.Id;

    /// <summary>Everything that the server has printed and logged.</summary>
    public string Log => _process.Describe();

    /// <summary>Starts the program and waits until it prints its address.</summary>
    /// <exception cref="InvalidOperationException">
    /// The program ended, or did not print its address within the limit. The message contains its output.
    /// </exception>
    public static Task<ServerProcess> StartAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        StartAsync(Programs.DotNet(program, [.. arguments, "--urls", "http://127.0.0.1:0"]), StartLimit, cancellationToken);

    /// <summary>Starts a server on a free port and waits until it prints its address.</summary>
    /// <exception cref="InvalidOperationException">
    /// The program ended, or did not print its address within <paramref name="startLimit"/>. The message contains its output.
    /// </exception>
    public static async Task<ServerProcess> StartAsync(ProcessStartInfo start, TimeSpan startLimit, CancellationToken cancellationToken)
    {
        var process = RunningProcess.Start(start);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(startLimit);
            return new ServerProcess(process, await ReadAddressAsync(process, limit.Token));
        }
        catch (Exception exception)
        {
            var said = process.Describe();
            await process.DisposeAsync();
            throw new InvalidOperationException($"The server did not start: {said}", exception);
        }
    }

    /// <summary>Waits until the process has ended.</summary>
    public Task<int> WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Stops the process with SIGTERM, as supervisors do, or with SIGINT, as a terminal does.</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{ProcessId}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<Uri> ReadAddressAsync(RunningProcess process, CancellationToken cancellationToken)
    {
        while (await process.ReadLineAsync(cancellationToken) is { } line)
        {
            if (LoopbackAddress().Match(line) is { Success: true } match)
            {
                return new Uri(match.Value);
            }
        }

        throw new InvalidOperationException("The process ended before it printed its address.");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex LoopbackAddress();
}
