using System.Runtime.InteropServices;
using BenchmarkDotNet.Environments;

namespace RemoteMcp.Benchmarks.Functions;

/// <summary>
/// Measures the time that ReadyToRun saves when a worker starts, and the time that host and worker add to a call. The host is this
/// repository's test host, not the Functions host. Command: <c>dotnet run -c Release --project bench/RemoteMcp.Benchmarks -- functions</c>
/// </summary>
internal static class FunctionsBenchmark
{
    /// <summary>Publishes the app into a temporary folder, measures, and prints a Markdown table.</summary>
    /// <returns>The exit code: 1 if the user stopped the command.</returns>
    public static async Task<int> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        var folder = Directory.CreateTempSubdirectory("remote-mcp-bench-");
        try
        {
            var files = folder.CreateSubdirectory("files").FullName;
            await File.WriteAllTextAsync(Path.Combine(files, ToolCaller.File), "hello", stop.Token);
            var readyToRun = Path.Combine(folder.FullName, "ready-to-run");
            var without = Path.Combine(folder.FullName, "without");
            await AppPublisher.PublishAsync(readyToRun: true, readyToRun, stop.Token);
            await AppPublisher.PublishAsync(readyToRun: false, without, stop.Token);
            var starts = await WorkerStarts.MeasureAsync(readyToRun, without, files, stop.Token);
            var calls = await CallOverhead.MeasureAsync(readyToRun, files, stop.Token);
            Print([.. starts, .. calls]);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Cancel(PosixSignalContext context)
        {
            // The process continues until its children have ended and the folder is deleted.
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static void Print(IEnumerable<string> rows)
    {
        foreach (var line in HostEnvironmentInfo.GetCurrent().ToFormattedString())
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(RuntimeInformation.FrameworkDescription);
        Console.WriteLine();
        Console.WriteLine("The host is this repository's test host, not the Functions host.");
        Console.WriteLine();
        Console.WriteLine("| measured | median | min | max |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (var row in rows)
        {
            Console.WriteLine(row);
        }
    }
}
