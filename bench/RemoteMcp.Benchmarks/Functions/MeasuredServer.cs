using System.Text.RegularExpressions;

namespace RemoteMcp.Benchmarks.Functions;

/// <summary>A server in a separate process, and a client that calls its tool.</summary>
internal sealed partial class MeasuredServer : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_logLimit = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;
    private readonly ToolCaller _caller;

    private MeasuredServer(ChildProcess process, Uri address)
    {
        _process = process;
        _caller = new ToolCaller(new Uri(address, "mcp"));
    }

    /// <summary>Starts a published Functions app in its worker process, behind this repository's test host.</summary>
    /// <param name="app">The folder of the published app.</param>
    /// <param name="files">The folder that the tools share.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<MeasuredServer> StartFunctionsAsync(string app, string files, CancellationToken cancellationToken) =>
        StartAsync(["RemoteMcp.FunctionsHost.dll", "--app", app, "--assembly", "RemoteMcp.Functions.dll"], files, cancellationToken);

    /// <summary>Starts <c>remote-mcp serve</c>.</summary>
    /// <param name="files">The folder that the tools share.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static Task<MeasuredServer> StartServeAsync(string files, CancellationToken cancellationToken) =>
        StartAsync(["remote-mcp.dll", "serve", "--urls", "http://127.0.0.1:0"], files, cancellationToken);

    /// <summary>Calls the tool once.</summary>
    /// <returns>The time until the complete response arrived.</returns>
    public Task<TimeSpan> CallAsync(CancellationToken cancellationToken) => _caller.CallAsync(cancellationToken);

    /// <summary>Reads the log from the last read position until a line matches.</summary>
    /// <returns>The match, and the time when the line arrived.</returns>
    public Task<(Match Match, long Time)> ReadLogAsync(Regex pattern, CancellationToken cancellationToken) =>
        _process.ReadUntilAsync(_process.Error, pattern, s_logLimit, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await _process.DisposeAsync();
    }

    /// <param name="command">The program in the output folder of the benchmarks, and its arguments.</param>
    /// <param name="files">The folder that the tools share.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    private static async Task<MeasuredServer> StartAsync(string[] command, string files, CancellationToken cancellationToken)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, command[0]), .. command[1..]];
        var process = ChildProcess.StartDotNet(arguments, new Dictionary<string, string>
        {
            ["RemoteMcp__Files__Root"] = files,
            // The benchmark sends more requests than the default limit for one caller.
            ["RemoteMcp__Limits__RequestsPerMinute"] = "1000000",
        });
        try
        {
            var (address, _) = await process.ReadUntilAsync(process.Output, Address(), s_startLimit, cancellationToken);
            return new MeasuredServer(process, new Uri(address.Value));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
