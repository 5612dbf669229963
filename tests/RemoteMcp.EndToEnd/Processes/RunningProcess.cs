using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>A child process whose output the tests keep. It ends with the test that started it, or with the test host.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_killLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private RunningProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, received) => Keep(_output, received.Data, _lines.Writer);
        process.ErrorDataReceived += (_, received) => Keep(_error, received.Data, null);
    }

    public int Id => _process.Id;

    /// <summary>Everything that the process has written to standard output.</summary>
    public string Output => Text(_output);

    /// <summary>Everything that the process has written to standard error.</summary>
    public string Error => Text(_error);

    public static RunningProcess Start(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        start.StandardOutputEncoding = Encoding.UTF8;
        start.StandardErrorEncoding = Encoding.UTF8;
        var running = new RunningProcess(new Process { StartInfo = start });
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    public async Task WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Returns the next unread line of standard output, or null if the output has ended.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        await _lines.Reader.WaitToReadAsync(cancellationToken) && _lines.Reader.TryRead(out var line) ? line : null;

    /// <summary>Waits until the process has ended and its output is complete.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Describes the process and its output, for the message of a failing test.</summary>
    public string Describe() =>
        $"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)}\n--- stdout\n{Output}\n--- stderr\n{Error}";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            using var limit = new CancellationTokenSource(s_killLimit);
            await _process.WaitForExitAsync(limit.Token);
        }

        _process.Dispose();
    }

    private static void Keep(StringBuilder text, string? line, ChannelWriter<string>? lines)
    {
        if (line is null)
        {
            lines?.TryComplete();
            return;
        }

        lock (text)
        {
            text.Append(line).Append('\n');
        }

        lines?.TryWrite(line);
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
