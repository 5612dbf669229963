using RemoteMcp.FunctionsHost.Protocol;

namespace RemoteMcp.FunctionsHost;

/// <summary>Writes what the host, the worker, and the invocations say, one line each, so that tests can read it.</summary>
/// <param name="output">Gets the lines. It is safe for concurrent use.</param>
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

    /// <summary>Writes what the worker logged. Metrics and its own diagnostics are for the platform, not for the app's log.</summary>
    public void Worker(RpcLog entry)
    {
        if (entry.LogCategory == RpcLog.Types.RpcLogCategory.User)
        {
            var exception = entry.Exception is { } thrown ? $" {thrown.Type}: {thrown.Message} {thrown.StackTrace}" : "";
            Write($"[{entry.Level}] {entry.Category}: {entry.Message}{exception}");
        }
    }

    /// <summary>Writes how an invocation ended.</summary>
    public void Invocation(string function, string id, TimeSpan duration, string? failure) =>
        Write($"[Invocation] Executed '{function}' ({(failure is null ? "Succeeded" : "Failed")}, Id={id}, Duration={duration.TotalMilliseconds:F0}ms) {failure}");

    private void Write(string line) => output.WriteLine(line.ReplaceLineEndings(" ⏎ ").TrimEnd());
}
