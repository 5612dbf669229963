using RemoteMcp.Emulators;
using RemoteMcp.EndToEnd.Processes;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary><c>remote-mcp serve</c> in a separate process, with the emulator as its Entra ID.</summary>
internal sealed class EntraServer : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private EntraServer(EmulatedEntra entra, ServerProcess process) => (Entra, _process) = (entra, process);

    public EmulatedEntra Entra { get; }

    public Emulator Emulator => Entra.Emulator;

    public Uri Endpoint => _process.Endpoint;

    public int ProcessId => _process.ProcessId;

    /// <summary>Everything that the server has printed and logged.</summary>
    public string Log => _process.Log;

    /// <summary>The environment variables that make a Node client trust the emulator.</summary>
    public IReadOnlyDictionary<string, string> NodeTrust => Entra.NodeTrust;

    /// <summary>The setting with which clients sign in at Entra ID directly, with a client ID.</summary>
    public const string Direct = "RemoteMcp:Auth:SignIn=Direct";

    /// <summary>Starts a server whose registration has only the default identifier URI <c>api://CLIENT-ID</c>.</summary>
    /// <param name="folder">The folder that the server shares.</param>
    /// <param name="cancellationToken">Ends the start early.</param>
    /// <param name="settings">Additional settings in the form NAME=VALUE.</param>
    public static async Task<EntraServer> StartAsync(string folder, CancellationToken cancellationToken, params string[] settings)
    {
        var entra = await EmulatedEntra.StartAsync(cancellationToken);
        return await StartAsync(entra, folder, "http://127.0.0.1:0", settings, cancellationToken);
    }

    /// <summary>
    /// Starts a server whose registration has the URL of its endpoint as an identifier URI, as with a custom domain, and whose clients sign
    /// in at Entra ID directly.
    /// </summary>
    public static async Task<EntraServer> StartWithUrlAsAudienceAsync(string folder, CancellationToken cancellationToken)
    {
        var entra = await EmulatedEntra.StartAsync(cancellationToken);
        // The audience is a setting, so the test chooses the port before the start.
        var url = $"http://127.0.0.1:{FreePort.Find()}";
        entra.Sample.Server.IdentifierUris.Add(url + "/mcp");
        return await StartAsync(entra, folder, url, [Direct, $"RemoteMcp:Auth:Audiences:0={url}/mcp"], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await Entra.DisposeAsync();
    }

    private static async Task<EntraServer> StartAsync(
        EmulatedEntra entra, string folder, string url, string[] settings, CancellationToken cancellationToken)
    {
        try
        {
            var start = Programs.DotNet(
                Programs.RemoteMcp,
                ["serve", "--root", folder, "--urls", url, .. settings.SelectMany(static setting => (string[])["--set", setting])]);
            return new EntraServer(
                entra, await ServerProcess.StartAsync(start.With(entra.ServerEnvironment), ServerProcess.StartLimit, cancellationToken));
        }
        catch
        {
            await entra.DisposeAsync();
            throw;
        }
    }
}
