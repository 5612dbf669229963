using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.AuthorizationServer;

/// <summary>A visit to the pages of the authorization server.</summary>
public sealed class FormVisits : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote-mcp-browser-");

    internal Uri Address { get; private set; } = null!;

    internal Uri Callback { get; private set; } = null!;

    internal FormVisit Visit { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await using var server = await PagesServer.StartAsync(TestContext.Current.CancellationToken);
        (Address, Callback) = (server.Address, server.Callback);
        var result = await NodeClient.RunAsync(
            "browse-forms.mjs", [Address.AbsoluteUri, _folder.FullName, .. PagesServer.Paths], TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Error);
        Visit = FormVisit.Parse(result.Output);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
