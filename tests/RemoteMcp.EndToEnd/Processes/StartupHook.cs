using System.Diagnostics;

/// <summary>
/// Runs inside every .NET process that a test starts (DOTNET_STARTUP_HOOKS) and kills it when the test host is gone, so that no server
/// survives a crashed or killed test run.
/// </summary>
/// <remarks>The runtime requires this class name without a namespace. The class may use only the base class library.</remarks>
internal static class StartupHook
{
    /// <summary>The environment variable that contains the process ID of the test host.</summary>
    public const string HostVariable = "REMOTE_MCP_TEST_HOST";

    public static void Initialize()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable(HostVariable), out var host))
        {
            new Thread(() => KillSelfAfterExitOf(host)) { IsBackground = true, Name = "test host watch" }.Start();
        }
    }

    private static void KillSelfAfterExitOf(int host)
    {
        try
        {
            using var process = Process.GetProcessById(host);
            process.WaitForExit();
        }
        catch (ArgumentException)
        {
            // The test host ended before this process started.
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
