using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>A server of ours in a process of its own, listening on a free port of the loopback interface.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    /// <summary>The longest that a program may take until it listens.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private readonly RunningProcess _process;

    private ServerProcess(RunningProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri Address { get; }

    /// <summary>The MCP endpoint for Streamable HTTP.</summary>
    public Uri Endpoint => new(Address, "mcp");

    /// <summary>The endpoint of the HTTP+SSE transport of 2024-11-05.</summary>
    public Uri SseEndpoint => new(Address, "mcp/sse");

    public int ProcessId => _process.Id;

    /// <summary>Everything that it printed and logged so far.</summary>
    public string Log => _process.Describe();

    /// <summary>Starts the program and waits until it says where it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended, or said nothing within a minute; the message has its output.</exception>
    public static Task<ServerProcess> StartAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        StartAsync(Programs.DotNet(program, [.. arguments, "--urls", "http://127.0.0.1:0"]), StartLimit, cancellationToken);

    /// <summary>Starts what is to listen on a free port and waits until it says on which.</summary>
    /// <exception cref="InvalidOperationException">It ended, or said nothing within <paramref name="startLimit"/>; the message has its output.</exception>
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

    /// <summary>Waits until the process has ended by itself.</summary>
    public Task<int> WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Asks the process to stop, as supervisors do (SIGTERM) or, with INT, the terminal.</summary>
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
