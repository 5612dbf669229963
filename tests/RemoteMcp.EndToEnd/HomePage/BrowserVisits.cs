using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.HomePage;

/// <summary>
/// Visits to the pages of two servers: one as <c>remote-mcp serve</c> starts it, and one with sign-in, a hostile name, and visible tools.
/// The sign-in service of the second server does not respond.
/// </summary>
public sealed class BrowserVisits : IAsyncLifetime
{
    /// <summary>The name of the second server.</summary>
    public const string HostileName = "<img src=x onerror=alert(1)>\"'&amp; \u202emcp";

    // Chromium (200 MB) is unpacked into this folder once, because both visits use it.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-mcp-browser-");

    internal Uri Endpoint { get; private set; } = null!;

    internal BrowserVisit Plain { get; private set; } = null!;

    internal Uri HostileEndpoint { get; private set; } = null!;

    internal BrowserVisit Hostile { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        (Endpoint, Plain) = await VisitAsync("serve", "--root", _folder.FullName);
        (HostileEndpoint, Hostile) = await VisitAsync(
            "serve", "--root", _folder.FullName,
            "--set", $"RemoteMcp:Name={HostileName}", "--set", $"RemoteMcp:Instructions={HostileName}",
            "--set", "RemoteMcp:HomePage:ShowTools=true",
            "--set", "RemoteMcp:Auth:Mode=Entra", "--set", "RemoteMcp:Auth:Instance=https://127.0.0.1:1/",
            "--set", $"RemoteMcp:Auth:TenantId={Guid.Empty}", "--set", $"RemoteMcp:Auth:ClientId={Guid.Empty}");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<(Uri Endpoint, BrowserVisit Visit)> VisitAsync(params string[] arguments)
    {
        await using var server = await ServerProcess.StartAsync(Programs.RemoteMcp, arguments, TestContext.Current.CancellationToken);
        var result = await NodeClient.RunAsync(
            "browse.mjs", [server.Address.AbsoluteUri, _folder.FullName], TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Error);
        return (server.Endpoint, BrowserVisit.Parse(result.Output));
    }
}
