using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RemoteMcp.Benchmarks.Functions;

/// <summary>Measures the time from the start of the worker process to its first response, with and without ReadyToRun.</summary>
/// <remarks>The host continues to run while its workers are killed and restarted, so the measurement excludes its start.</remarks>
internal static partial class WorkerStarts
{
    private const int Rounds = 11;

    /// <summary>Starts workers of both apps alternately.</summary>
    /// <param name="readyToRun">The folder of the app that was published with ReadyToRun.</param>
    /// <param name="without">The folder of the app that was published without ReadyToRun.</param>
    /// <param name="files">The folder that the tools share.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    /// <returns>The rows of the table.</returns>
    public static async Task<IReadOnlyList<string>> MeasureAsync(
        string readyToRun, string without, string files, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"Starting {Rounds} workers of each app ...");
        await using var first = await MeasuredServer.StartFunctionsAsync(readyToRun, files, cancellationToken);
        await using var second = await MeasuredServer.StartFunctionsAsync(without, files, cancellationToken);
        var (firstWorker, _) = await ReadWorkerAsync(first, cancellationToken);
        var (secondWorker, _) = await ReadWorkerAsync(second, cancellationToken);
        var firstTimes = new double[Rounds];
        var secondTimes = new double[Rounds];
        // Round -1 does not count, because it includes the JIT compilation of the hosts and of this client.
        for (var round = -1; round < Rounds; round++)
        {
            (firstWorker, var firstTime) = await RestartAsync(first, firstWorker, cancellationToken);
            (secondWorker, var secondTime) = await RestartAsync(second, secondWorker, cancellationToken);
            if (round >= 0)
            {
                firstTimes[round] = firstTime.TotalMilliseconds;
                secondTimes[round] = secondTime.TotalMilliseconds;
            }
        }

        return
        [
            new Samples(firstTimes).ToRow("worker start to first answer, with ReadyToRun", " ms"),
            new Samples(secondTimes).ToRow("worker start to first answer, without ReadyToRun", " ms"),
            new Samples(firstTimes.Zip(secondTimes, static (a, b) => a / b)).ToRow("ratio of each pair, with to without", ""),
        ];
    }

    /// <summary>Kills the worker. The host starts another one, and a call waits for it.</summary>
    private static async Task<(int Worker, TimeSpan Time)> RestartAsync(
        MeasuredServer server, int worker, CancellationToken cancellationToken)
    {
        using (var process = Process.GetProcessById(worker))
        {
            process.Kill();
        }

        var (started, time) = await ReadWorkerAsync(server, cancellationToken);
        await server.CallAsync(cancellationToken);
        return (started, Stopwatch.GetElapsedTime(time));
    }

    /// <returns>The ID of the worker process, and the time when the host reported its start.</returns>
    private static async Task<(int Worker, long Time)> ReadWorkerAsync(MeasuredServer server, CancellationToken cancellationToken)
    {
        var (line, time) = await server.ReadLogAsync(WorkerStarted(), cancellationToken);
        return (int.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture), time);
    }

    [GeneratedRegex(@"^\[Host\] Worker process (\d+) started\.")]
    private static partial Regex WorkerStarted();
}
