using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RemoteMcp.EndToEnd.Processes;

namespace RemoteMcp.EndToEnd.Azurite;

/// <summary>
/// A real Azurite process on free ports that keeps everything in memory. <see cref="DisposeAsync"/> ends it. It also ends when this process
/// dies, because that closes its standard input.
/// </summary>
public sealed partial class AzuriteProcess : IAsyncDisposable
{
    // Microsoft publishes this key. It is the same for every emulator.
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const string ExitWhenInputCloses = "data:text/javascript,process.stdin.resume().on('end',()=>process.exit(0))";

    private static readonly TimeSpan s_startTimeout = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private string _scheme = Uri.UriSchemeHttp;
    private readonly Dictionary<string, TaskCompletionSource<int>> _ports = new()
    {
        ["Blob"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
        ["Table"] = new(TaskCreationOptions.RunContinuationsAsynchronously),
    };

    private AzuriteProcess(IEnumerable<string> arguments)
    {
        var modules = Path.Combine(Programs.ClientsFolder, "node_modules");
        var start = new ProcessStartInfo(Path.Combine(modules, ".bin", "node"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        string[] fixedArguments =
        [
            "--import", ExitWhenInputCloses, Path.Combine(modules, "azurite", "dist", "src", "azurite.js"),
            "--blobPort", "0", "--queuePort", "0", "--tablePort", "0",
            "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
        ];
        foreach (var argument in fixedArguments.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => Fail();
    }

    public int TablePort { get; private set; }

    public int BlobPort { get; private set; }

    /// <summary>
    /// The table endpoint of the account, for a client that has its own credential. It uses HTTPS if Azurite has a certificate.
    /// </summary>
    public Uri TableEndpoint => Endpoint(TablePort);

    public Uri BlobEndpoint => Endpoint(BlobPort);

    /// <summary>The connection string that a developer writes into the settings.</summary>
    public string ConnectionString => ConnectionStringFor(TableEndpoint);

    /// <summary>The connection string for an instance that reaches the tables through a proxy.</summary>
    public string ConnectionStringThrough(Uri proxy) => ConnectionStringFor(new Uri(proxy, Account));

    /// <summary>Starts Azurite and waits until it accepts connections.</summary>
    /// <param name="arguments">Additional arguments for Azurite, such as <c>--oauth basic</c>.</param>
    public static async Task<AzuriteProcess> StartAsync(params string[] arguments)
    {
        var azurite = new AzuriteProcess(arguments);
        try
        {
            azurite._process.Start();
            azurite._process.BeginOutputReadLine();
            azurite._process.BeginErrorReadLine();
            azurite.BlobPort = await azurite._ports["Blob"].Task.WaitAsync(s_startTimeout);
            azurite.TablePort = await azurite._ports["Table"].Task.WaitAsync(s_startTimeout);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a signal, for example to pause Azurite (<c>STOP</c>) and to continue it (<c>CONT</c>).</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        catch (InvalidOperationException)
        {
            // The process was never started.
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"Azurite (\w+) service is successfully listening at (https?)://.*:(\d+)")]
    private static partial Regex Listening { get; }

    private string ConnectionStringFor(Uri tables) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};BlobEndpoint={BlobEndpoint};TableEndpoint={tables};";

    private Uri Endpoint(int port) => new($"{_scheme}://127.0.0.1:{port}/{Account}");

    private void Read(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && Listening.Match(line) is { Success: true } match && _ports.TryGetValue(match.Groups[1].Value, out var port))
        {
            _scheme = match.Groups[2].Value;
            port.TrySetResult(int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture));
        }
    }

    private void Fail()
    {
        foreach (var port in _ports.Values)
        {
            lock (_output)
            {
                port.TrySetException(new InvalidOperationException($"Azurite ended before it listened: {_output}"));
            }
        }
    }
}
