using System.Diagnostics;

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>The result of a client in tests/clients.</summary>
internal sealed record NodeResult(int ExitCode, string Output, string Error);

/// <summary>Runs the scripts and command-line clients in tests/clients to completion.</summary>
internal static class NodeClient
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Runs <paramref name="script"/> with an empty home folder, so that it neither reads nor writes settings of this machine.
    /// </summary>
    /// <param name="script">The path of the script, relative to tests/clients.</param>
    /// <param name="arguments">The arguments of the script.</param>
    /// <param name="cancellationToken">Ends the process early.</param>
    /// <exception cref="TimeoutException">The process did not end within ten minutes. The message contains its output.</exception>
    public static Task<NodeResult> RunAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(script, arguments, new Dictionary<string, string>(), cancellationToken);

    /// <summary>Runs <paramref name="script"/> with additional environment variables.</summary>
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
