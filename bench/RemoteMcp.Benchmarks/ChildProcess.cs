using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace RemoteMcp.Benchmarks;

/// <summary>A line that a program wrote, and the <see cref="Stopwatch"/> timestamp of its arrival.</summary>
internal readonly record struct OutputLine(string Text, long Time);

/// <summary>
/// A .NET program in a separate process. This class reads the output continuously, so that the program never waits for a reader.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 1000;
    private static readonly TimeSpan s_killLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<OutputLine> _output = NewLines();
    private readonly Channel<OutputLine> _error = NewLines();

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, received) => Keep(_output.Writer, received.Data);
        _process.ErrorDataReceived += (_, received) => Keep(_error.Writer, received.Data);
    }

    /// <summary>Gets the unread lines of standard output, at most the newest 1,000.</summary>
    public ChannelReader<OutputLine> Output => _output.Reader;

    /// <summary>Gets the unread lines of standard error, at most the newest 1,000.</summary>
    public ChannelReader<OutputLine> Error => _error.Reader;

    /// <summary>Starts <c>dotnet</c> with these arguments.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="environment">Variables to add to those of this process.</param>
    public static ChildProcess StartDotNet(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(start);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Reads lines until one matches the pattern.</summary>
    /// <param name="lines"><see cref="Output"/> or <see cref="Error"/>.</param>
    /// <param name="pattern">The pattern for the line.</param>
    /// <param name="limit">The maximum time to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The match, and the time when the line arrived.</returns>
    /// <exception cref="InvalidOperationException">The program ended before it wrote a matching line.</exception>
    /// <exception cref="TimeoutException">The limit was reached.</exception>
    public async Task<(Match Match, long Time)> ReadUntilAsync(
        ChannelReader<OutputLine> lines, Regex pattern, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(limit);
        try
        {
            await foreach (var line in lines.ReadAllAsync(limited.Token))
            {
                if (pattern.Match(line.Text) is { Success: true } match)
                {
                    return (match, line.Time);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No line matched '{pattern}' within {limit}. {Describe()}");
        }

        throw new InvalidOperationException($"The program ended before it wrote '{pattern}'. {Describe()}");
    }

    /// <summary>Waits until the program has ended.</summary>
    /// <exception cref="InvalidOperationException">The program ended with an error.</exception>
    public async Task WaitForSuccessAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(limit, cancellationToken);
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The program ended with code {_process.ExitCode}. {Describe()}");
        }
    }

    /// <summary>Kills the program and its child processes.</summary>
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

    private static Channel<OutputLine> NewLines() =>
        Channel.CreateBounded<OutputLine>(new BoundedChannelOptions(KeptLines) { FullMode = BoundedChannelFullMode.DropOldest });

    private static void Keep(ChannelWriter<OutputLine> lines, string? text)
    {
        if (text is null)
        {
            lines.TryComplete();
        }
        else
        {
            lines.TryWrite(new OutputLine(text, Stopwatch.GetTimestamp()));
        }
    }

    private string Describe()
    {
        List<string> text = [$"dotnet {string.Join(' ', _process.StartInfo.ArgumentList)}"];
        foreach (var lines in (ChannelReader<OutputLine>[])[Output, Error])
        {
            while (lines.TryRead(out var line))
            {
                text.Add(line.Text);
            }
        }

        return string.Join('\n', text);
    }
}
