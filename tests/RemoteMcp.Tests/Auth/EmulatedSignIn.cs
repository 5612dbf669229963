using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.Tests.Emulators;
using RemoteMcp.Tests.Http;

namespace RemoteMcp.Tests.Auth;

/// <summary>The server with the emulator as its Entra ID, and tokens to call it with.</summary>
public abstract class EmulatedSignIn : EmulatedTenant
{
    internal TestServerHost Server { get; private set; } = null!;

    /// <summary>Settings besides those that name the emulator.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    /// <summary>The clock of the servers; the system's if none.</summary>
    protected virtual TimeProvider? Time => null;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Server = await StartServerAsync(Settings);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal Task<TestServerHost> StartServerAsync(IReadOnlyDictionary<string, string?> settings, TimeProvider? time = null) => TestServerHost.StartAsync(
        // What a test sets goes before what all have.
        settings.Concat(new Dictionary<string, string?>
        {
            ["RemoteMcp:Auth:Mode"] = "Entra",
            ["RemoteMcp:Auth:Instance"] = Emulator.Addresses.Entra.ToString(),
            ["RemoteMcp:Auth:TenantId"] = SampleDirectory.ContosoId,
            ["RemoteMcp:Auth:ClientId"] = SampleDirectory.ServerId,
        }).DistinctBy(static setting => setting.Key).ToDictionary(),
        time ?? Time,
        server =>
        {
            server.Services.TrustEmulator(Emulator);
            AddTools(server);
        });

    /// <summary>Tools besides those of <see cref="TestTools"/>.</summary>
    private protected virtual void AddTools(IMcpServerBuilder server)
    {
    }

    /// <summary>A good token of Adele by the desktop client, but for what is overridden; null takes a claim away.</summary>
    internal string Token(params (string Claim, object? Value)[] overrides) => Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Sample.Server)
    {
        User = Sample.Adele,
        Scopes = ["Mcp.Use"],
        Overrides = overrides.ToDictionary(static each => each.Claim, static each => each.Value),
    });

    /// <summary>A token of the daemon: an app without a user.</summary>
    internal string AppToken(params string[] roles) =>
        Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.Daemon, Sample.Server) { Roles = roles });

    /// <summary>Sends a request with a token, or without.</summary>
    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? token = null) =>
        Server.Client.SendAsync(token is null ? request : request.WithToken(token), HttpCompletionOption.ResponseHeadersRead, Cancelled);
}
