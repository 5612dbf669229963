using RemoteMcp.FunctionsHost.Protocol;

namespace RemoteMcp.FunctionsHost;

/// <summary>Writes the messages of the host, the worker, and the invocations, one on each line, so that tests can read them.</summary>
/// <param name="output">The writer of the lines. It must be thread-safe.</param>
internal sealed class HostLog(TextWriter output)
{
    public void Host(string message) => Write($"[Host] {message}");

    /// <summary>Writes a line that the worker process printed.</summary>
    public void Output(string? line)
    {
        if (line is not null)
        {
            Write($"[Output] {line}");
        }
    }

    /// <summary>
    /// Writes the log entries of the worker. Omits metrics and the worker's diagnostics, which are for the platform and not for the app's
    /// log.
    /// </summary>
    public void Worker(RpcLog entry)
    {
        if (entry.LogCategory == RpcLog.Types.RpcLogCategory.User)
        {
            var exception = entry.Exception is { } thrown ? $" {thrown.Type}: {thrown.Message} {thrown.StackTrace}" : "";
            Write($"[{entry.Level}] {entry.Category}: {entry.Message}{exception}");
        }
    }

    /// <summary>Writes the result of an invocation.</summary>
    public void Invocation(string function, string id, TimeSpan duration, string? failure) =>
        Write(
            $"[Invocation] Executed '{function}' ({(failure is null ? "Succeeded" : "Failed")}, Id={id}, "
                + $"Duration={duration.TotalMilliseconds:F0}ms) {failure}");

    private void Write(string line) => output.WriteLine(line.ReplaceLineEndings(" ⏎ ").TrimEnd());
}
