using System.Diagnostics;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Hosting;

/// <summary>Tests that every host refuses to start with an unknown setting, with the same message and without a stack trace.</summary>
public sealed class WrongSettingTests
{
    private const string Setting = "RemoteMcp__Storage__TableEndpont";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Hosts => ["serve", "stdio", "functions"];

    [Theory, MemberData(nameof(Hosts))]
    public async Task Host_with_a_misspelled_setting_does_not_start(string host)
    {
        var start = Start(host).With(new Dictionary<string, string> { [Setting] = "https://contoso.table.core.windows.net" });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);

        await using var process = RunningProcess.Start(start);
        var exitCode = await process.WaitForExitAsync(limit.Token);

        Assert.NotEqual(0, exitCode);
        var said = process.Output + process.Error;
        Assert.Contains($"(set by the environment variable {Setting})", said, StringComparison.Ordinal);
        Assert.Contains("Did you mean RemoteMcp:Storage:TableEndpoint?", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private static ProcessStartInfo Start(string host) => host switch
    {
        "functions" => Programs.Functions(BuiltApp.Team),
        "serve" => Programs.DotNet(Programs.RemoteMcp, ["serve", "--urls", "http://127.0.0.1:0"]),
        _ => Programs.DotNet(Programs.RemoteMcp, ["stdio"]),
    };
}
