using System.Reflection;

namespace RemoteMcp.Benchmarks.Functions;

/// <summary>Publishes the Functions app of this repository.</summary>
internal static class AppPublisher
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    // No build server may run during the measurement.
    private static readonly Dictionary<string, string> s_environment = new()
    {
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
    };

    /// <summary>Publishes the app as for a deployment, with or without ahead-of-time compiled code.</summary>
    /// <param name="readyToRun">Whether to use ReadyToRun.</param>
    /// <param name="folder">The target folder.</param>
    /// <param name="cancellationToken">Cancels the publishing.</param>
    public static async Task PublishAsync(bool readyToRun, string folder, CancellationToken cancellationToken)
    {
        var project = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(static entry => entry.Key == "FunctionsProject").Value!;
        string[] variant = readyToRun ? [] : ["-p:PublishReadyToRun=false"];
        await Console.Error.WriteLineAsync($"Publishing {string.Join(' ', ["src/RemoteMcp.Functions", "-c", "Release", .. variant])} ...");
        await using var publish = ChildProcess.StartDotNet(
            ["publish", project, "-c", "Release", "--output", folder, "--nologo", .. variant], s_environment);
        await publish.WaitForSuccessAsync(s_limit, cancellationToken);
    }
}
