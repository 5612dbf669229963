using System.Diagnostics;

/// <summary>
/// Runs inside every .NET process that a test starts (DOTNET_STARTUP_HOOKS) and kills it when the test host is gone,
/// so that no server survives a crashed or killed test run.
/// </summary>
/// <remarks>The runtime finds it by this name, in no namespace. It may use nothing but the base class library.</remarks>
internal static class StartupHook
{
    /// <summary>The environment variable that carries the process id of the test host.</summary>
    public const string HostVariable = "REMOTE_MCP_TEST_HOST";

    public static void Initialize()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable(HostVariable), out var host))
        {
            new Thread(() => DieWith(host)) { IsBackground = true, Name = "test host watch" }.Start();
        }
    }

    private static void DieWith(int host)
    {
        try
        {
            using var process = Process.GetProcessById(host);
            process.WaitForExit();
        }
        catch (ArgumentException)
        {
            // It ended before we looked.
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
