using System.Diagnostics;

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>What a client of tests/clients wrote before it ended.</summary>
internal sealed record NodeResult(int ExitCode, string Output, string Error);

/// <summary>Runs the scripts and command-line clients of tests/clients to their end.</summary>
internal static class NodeClient
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    /// <summary>Runs <paramref name="script"/> in an empty home folder, so that no setting of this machine is seen or left behind.</summary>
    /// <param name="script">Path below tests/clients.</param>
    /// <param name="arguments">The script's own arguments.</param>
    /// <param name="cancellationToken">Ends the process early.</param>
    /// <exception cref="TimeoutException">It had not ended after ten minutes; the message has its output.</exception>
    public static Task<NodeResult> RunAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(script, arguments, new Dictionary<string, string>(), cancellationToken);

    /// <summary>The same, with more environment variables.</summary>
    public static async Task<NodeResult> RunAsync(
        string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("remote-mcp-client-");
        try
        {
            await using var process = RunningProcess.Start(InHome(Programs.Node(script, arguments), home.FullName).With(environment));
            process.CloseInput();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_limit);
            try
            {
                return new NodeResult(await process.WaitForExitAsync(limit.Token), process.Output, process.Error);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Still running after {s_limit}: {process.Describe()}");
            }
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static ProcessStartInfo InHome(ProcessStartInfo start, string home)
    {
        start.WorkingDirectory = home;
        start.Environment["HOME"] = home;
        start.Environment["USERPROFILE"] = home;
        return start;
    }
}
