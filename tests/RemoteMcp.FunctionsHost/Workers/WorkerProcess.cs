using System.Diagnostics;

namespace RemoteMcp.FunctionsHost.Workers;

/// <summary>The app's worker process, started with the arguments and the environment that the Functions host gives it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Gets the exit code, after <see cref="WaitForExitAsync"/> has completed.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the worker.</summary>
    /// <param name="options">The app and the limits.</param>
    /// <param name="rpc">The address of the gRPC service.</param>
    /// <param name="worker">The identifier that the worker sends when it connects.</param>
    /// <param name="log">The log for the output of the process.</param>
    public static WorkerProcess Start(HostArguments options, Uri rpc, string worker, HostLog log)
    {
        var request = Guid.NewGuid().ToString();
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(options.App, options.Assembly),
            "--host", rpc.Host, "--port", $"{rpc.Port}", "--workerId", worker, "--requestId", request,
            "--grpcMaxMessageLength", $"{int.MaxValue}",
            "--functions-uri", rpc.ToString(), "--functions-worker-id", worker, "--functions-request-id", request,
            "--functions-grpc-max-message-length", $"{int.MaxValue}",
        ])
        {
            WorkingDirectory = options.App,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = options.App;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = options.App;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        // The worker selects its own port.
        start.Environment.Remove("ASPNETCORE_URLS");
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => log.Output(line.Data);
        process.ErrorDataReceived += (_, line) => log.Output(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new WorkerProcess(process);
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>Whether the process ended within the limit.</returns>
    public async Task<bool> ExitsWithinAsync(TimeSpan limit)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();
}
