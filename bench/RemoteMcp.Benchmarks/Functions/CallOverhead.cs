using System.Text.RegularExpressions;

namespace RemoteMcp.Benchmarks.Functions;

/// <summary>Measures the time that the test host and the worker add to a call, compared with <c>remote-mcp serve</c>.</summary>
internal static partial class CallOverhead
{
    private const int WarmUpBatches = 10;
    private const int Batches = 11;
    private const int CallsInBatch = 300;

    /// <summary>Calls both servers alternately. Each batch is a sequence of calls.</summary>
    /// <param name="app">The folder of the published Functions app.</param>
    /// <param name="files">The folder that the tools share.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    /// <returns>The rows of the table.</returns>
    public static async Task<IReadOnlyList<string>> MeasureAsync(string app, string files, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync(
            $"Calling each server in {Batches} batches of {CallsInBatch}, after {WarmUpBatches} to warm up ...");
        await using var functions = await MeasuredServer.StartFunctionsAsync(app, files, cancellationToken);
        await using var serve = await MeasuredServer.StartServeAsync(files, cancellationToken);
        var functionsTimes = new double[Batches];
        var serveTimes = new double[Batches];
        for (var batch = -WarmUpBatches; batch < Batches; batch++)
        {
            var functionsTime = await CallAsync(functions, cancellationToken);
            var serveTime = await CallAsync(serve, cancellationToken);
            if (batch >= 0)
            {
                functionsTimes[batch] = functionsTime;
                serveTimes[batch] = serveTime;
            }
        }

        return
        [
            new Samples(functionsTimes).ToRow("p50 of a call, test host and worker", " ms"),
            new Samples(serveTimes).ToRow("p50 of a call, `remote-mcp serve`", " ms"),
            new Samples(functionsTimes.Zip(serveTimes, static (a, b) => a - b)).ToRow("difference of each pair", " ms"),
            new Samples(functionsTimes.Zip(serveTimes, static (a, b) => a / b)).ToRow("ratio of each pair, test host to `serve`", ""),
        ];
    }

    /// <returns>The median time (p50) of the batch, in milliseconds.</returns>
    private static async Task<double> CallAsync(MeasuredServer server, CancellationToken cancellationToken)
    {
        var times = new double[CallsInBatch];
        for (var call = 0; call < CallsInBatch; call++)
        {
            times[call] = (await server.CallAsync(cancellationToken)).TotalMilliseconds;
        }

        // Both servers must write the audit line. Otherwise, the comparison is not valid.
        await server.ReadLogAsync(AuditLine(), cancellationToken);
        return new Samples(times).Median;
    }

    [GeneratedRegex("Tool list_directory called by .*: ok in ")]
    private static partial Regex AuditLine();
}
