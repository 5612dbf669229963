using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>A Functions host for one test, with its settings and its log.</summary>
internal sealed partial class FunctionsHostProcess : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private FunctionsHostProcess(ServerProcess process) => _process = process;

    public Uri Address => _process.Address;

    public Uri Endpoint => _process.Endpoint;

    public string Log => _process.Log;

    /// <summary>Gets the process IDs of all workers since the start. The newest is the last.</summary>
    public IReadOnlyList<int> Workers =>
        [.. WorkerStarted().Matches(Log).Select(static match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    /// <summary>Gets the lines that the worker logged through the host.</summary>
    public IReadOnlyList<string> WorkerLines => [.. WorkerLine().Matches(Log).Select(static match => match.Value)];

    /// <summary>Gets the results of the invocations: the function, and whether it succeeded.</summary>
    public IReadOnlyList<(string Function, bool Succeeded)> Invocations =>
        [.. Invocation().Matches(Log).Select(static match => (match.Groups[1].Value, match.Groups[2].Value == "Succeeded"))];

    /// <summary>Starts the app with the fixtures of the conformance suite.</summary>
    /// <param name="options">Options of the test host.</param>
    /// <param name="settings">App settings.</param>
    public static async Task<FunctionsHostProcess> StartAsync(string[] options, params (string Name, string Value)[] settings)
    {
        var start = Programs.Functions(BuiltApp.Fixtures, options)
            .With(settings.ToDictionary(static setting => setting.Name, static setting => setting.Value));
        return new FunctionsHostProcess(
            await ServerProcess.StartAsync(start, ServerProcess.StartLimit, TestContext.Current.CancellationToken));
    }

    /// <summary>Tells the host to stop: it accepts no new requests and tells its worker to terminate.</summary>
    /// <returns>The host's exit code.</returns>
    public async Task<int> DrainAsync(CancellationToken cancellationToken)
    {
        await _process.SignalAsync("TERM", cancellationToken);
        return await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Kills only the host. Its worker continues to run.</summary>
    public void Kill()
    {
        using var host = Process.GetProcessById(_process.ProcessId);
        host.Kill();
    }

    /// <summary>Waits until the log of the host meets the condition.</summary>
    public Task LoggedAsync(Func<FunctionsHostProcess, bool> condition) => Eventually.IsTrueAsync(() => condition(this));

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"^\[Host\] Worker process (\d+) started", RegexOptions.Multiline)]
    private static partial Regex WorkerStarted();

    [GeneratedRegex(@"^\[(Trace|Debug|Information|Warning|Error|Critical)\] .*$", RegexOptions.Multiline)]
    private static partial Regex WorkerLine();

    [GeneratedRegex(@"^\[Invocation\] Executed '(\w+)' \((Succeeded|Failed)", RegexOptions.Multiline)]
    private static partial Regex Invocation();
}
