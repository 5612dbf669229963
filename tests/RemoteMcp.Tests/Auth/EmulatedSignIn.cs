using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Emulators;
using RemoteMcp.Tests.Http;

namespace RemoteMcp.Tests.Auth;

/// <summary>Provides a server that uses the emulator as its Entra ID, and tokens for calls.</summary>
public abstract class EmulatedSignIn : EmulatedTenant
{
    internal TestServerHost Server { get; private set; } = null!;

    /// <summary>Gets settings in addition to those that refer to the emulator.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    /// <summary>Gets the time provider of the servers; <see langword="null"/> for the system's time provider.</summary>
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

    internal Task<TestServerHost> StartServerAsync(IReadOnlyDictionary<string, string?> settings, TimeProvider? time = null) =>
        TestServerHost.StartAsync(
            // The settings of a test take precedence over the common settings.
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

    /// <summary>Adds tools in addition to <see cref="TestTools"/>.</summary>
    private protected virtual void AddTools(IMcpServerBuilder server)
    {
    }

    /// <summary>
    /// Creates a valid token for Adele and the desktop client, with overridden claims. The value <see langword="null"/> removes a claim.
    /// </summary>
    internal string Token(params (string Claim, object? Value)[] overrides) => Emulator.Tokens.AccessToken(
        new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Sample.Server)
        {
            User = Sample.Adele,
            Scopes = ["Mcp.Use"],
            Overrides = overrides.ToDictionary(static each => each.Claim, static each => each.Value),
        });

    /// <summary>Creates a token for the daemon, an app without a user.</summary>
    internal string AppToken(params string[] roles) =>
        Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.Daemon, Sample.Server) { Roles = roles });

    /// <summary>Sends a request with or without a token.</summary>
    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? token = null) =>
        Server.Client.SendAsync(token is null ? request : request.WithToken(token), HttpCompletionOption.ResponseHeadersRead, Cancelled);
}
