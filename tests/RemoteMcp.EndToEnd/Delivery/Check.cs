using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Delivery;

/// <summary>
/// Runs the checks of tests/clients/checks. Each check prints one line for each finding and exits with 1 if it has findings.
/// </summary>
internal static class Check
{
    /// <summary>Runs the check and fails if it has findings in the files.</summary>
    public static async Task PassesAsync(string check, IReadOnlyCollection<string> arguments)
    {
        var result = await RunAsync(check, arguments);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    /// <summary>
    /// Copies the file, replaces <paramref name="written"/> with <paramref name="broken"/>, and fails unless the check reports
    /// <paramref name="finding"/>.
    /// </summary>
    public static async Task FindsErrorAsync(string check, string[] arguments, string file, string written, string broken, string finding)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var content = await Repository.ReadAsync(file, cancelled);
        Assert.Contains(written, content, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("remote-mcp-check-");
        try
        {
            var copy = Path.Combine(folder.FullName, Path.GetFileName(file));
            await File.WriteAllTextAsync(copy, content.Replace(written, broken, StringComparison.Ordinal), cancelled);

            var result = await RunAsync(check, [.. arguments, copy]);

            Assert.Contains(finding, result.Output, StringComparison.Ordinal);
            Assert.Equal(1, result.ExitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<NodeResult> RunAsync(string check, IEnumerable<string> arguments) =>
        NodeClient.RunAsync($"checks/{check}.mjs", arguments, TestContext.Current.CancellationToken);
}
