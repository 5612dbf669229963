using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RemoteMcp.Emulators.Azure;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.Emulators.Entra.Authorize;
using RemoteMcp.Emulators.Graph;
using RemoteMcp.Emulators.ManagedIdentity;

namespace RemoteMcp.Emulators;

/// <summary>
/// Emulates Entra ID, the managed identity endpoint, Graph, and the Azure APIs that the tools use. Runs on loopback until disposed.
/// </summary>
public sealed class Emulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EmulatorOptions _options;
    private readonly LoopbackCertificate? _certificate;

    private Emulator(WebApplication app, EmulatorOptions options, LoopbackCertificate? certificate)
    {
        (_app, _options, _certificate) = (app, options, certificate);
        Addresses = app.Services.GetRequiredService<EmulatorAddresses>();
        Keys = app.Services.GetRequiredService<SigningKeys>();
        Tokens = app.Services.GetRequiredService<TokenIssuer>();
        Clock = app.Services.GetRequiredService<EmulatorClock>();
        Requests = app.Services.GetRequiredService<RequestLog>();
        GraphThrottle = app.Services.GetRequiredService<GraphThrottle>();
        Azure = app.Services.GetRequiredService<AzureCloud>();
    }

    public EmulatorAddresses Addresses { get; }

    public EntraDirectory Directory => _options.Directory;

    public SigningKeys Keys { get; }

    /// <summary>Creates tokens without a sign-in: valid tokens, and tokens that an attacker would send.</summary>
    public TokenIssuer Tokens { get; }

    public EmulatorClock Clock { get; }

    public RequestLog Requests { get; }

    public GraphThrottle GraphThrottle { get; }

    /// <summary>Subscriptions, resources, workspaces, and their role assignments. Empty at the start.</summary>
    public AzureCloud Azure { get; }

    /// <summary>The environment variables with which a process finds the managed identity endpoint.</summary>
    public IReadOnlyDictionary<string, string> IdentityEnvironment => new Dictionary<string, string>
    {
        ["IDENTITY_ENDPOINT"] = Addresses.IdentityEndpoint.ToString(),
        ["IDENTITY_HEADER"] = _options.IdentityHeader,
    };

    public SignInMode SignIn
    {
        get => _app.Services.GetRequiredService<SignIn>().Mode;
        set => _app.Services.GetRequiredService<SignIn>().Mode = value;
    }

    /// <summary>The user who signs in if the client sends no <c>login_hint</c>.</summary>
    public string? DefaultUser
    {
        get => _app.Services.GetRequiredService<SignIn>().DefaultUser;
        set => _app.Services.GetRequiredService<SignIn>().DefaultUser = value;
    }

    /// <summary>Revokes all sign-ins of a user, as an administrator or a new password does. Refresh tokens then fail with 50173.</summary>
    public void RevokeSessions(User user) => _app.Services.GetRequiredService<GrantStore>().RevokeSessions(user);

    public static async Task<Emulator> StartAsync(EmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EmulatorOptions();
        var certificate = options.PlainHttp ? null : options.Certificate ?? LoopbackCertificate.Create();
        var app = Build(options, certificate);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            certificate?.Dispose();
            throw;
        }
        var ports = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses
            .Select(address => BindingAddress.Parse(address).Port)
            .ToList();
        var addresses = app.Services.GetRequiredService<EmulatorAddresses>();
        addresses.Entra = new Uri($"{(options.PlainHttp ? "http" : "https")}://localhost:{ports[0]}/");
        addresses.IdentityEndpoint = new Uri($"http://127.0.0.1:{ports[1]}{IdentityEndpoint.Path}");
        return new Emulator(app, options, certificate);
    }

    /// <summary>
    /// Creates a handler that trusts the emulator's certificate. It also sends MSAL's requests for <c>login.microsoftonline.com</c> to the
    /// emulator. MSAL sends such requests (instance discovery) for an authority that it does not know.
    /// </summary>
    public HttpMessageHandler CreateHandler(bool followRedirects = true, bool useCookies = true)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = followRedirects, UseCookies = useCookies };
        handler.SslOptions.CertificateChainPolicy = Trust;
        return new InstanceDiscoveryHandler(Addresses.Entra) { InnerHandler = handler };
    }

    /// <summary>Trust in the emulator's certificate only, or null if the emulator uses plain HTTP.</summary>
    public X509ChainPolicy? Trust => _certificate is null ? null : new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { _certificate.Certificate },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    public HttpClient CreateClient(bool followRedirects = true) => new(CreateHandler(followRedirects)) { BaseAddress = Addresses.Entra };

    /// <summary>Writes the certificate and its key as PEM files for processes that trust it or serve with it.</summary>
    public (string Certificate, string Key) ExportCertificate(string folder) =>
        (_certificate ?? throw new InvalidOperationException("The emulator uses plain HTTP and has no certificate.")).Export(folder);

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => ((IHost)_app).WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_certificate != _options.Certificate)
        {
            _certificate?.Dispose();
        }
    }

    private static WebApplication Build(EmulatorOptions options, LoopbackCertificate? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (options.LogToConsole)
        {
            builder.Logging
                .AddSimpleConsole(console => console.SingleLine = true)
                .SetMinimumLevel(LogLevel.Warning)
                .AddFilter("RemoteMcp", LogLevel.Information);
        }
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Listen(kestrel, options.Port, certificate);
            Listen(kestrel, options.IdentityPort, certificate: null);
        });
        builder.Services
            .AddSingleton(options)
            .AddSingleton(options.Directory)
            .AddSingleton(new EmulatorClock(options.TimeProvider))
            .AddSingleton<EmulatorAddresses>()
            .AddSingleton<EmulatorSettings>()
            .AddSingleton<RequestLog>()
            .AddSingleton<GraphThrottle>()
            .AddSingleton<IdentityEndpoint>()
            .AddSingleton<MeEndpoint>()
            .AddAzure()
            .AddEntra();
        var app = builder.Build();
        app.Use((context, next) =>
        {
            app.Services.GetRequiredService<RequestLog>().Add(context.Request.Path);
            return next(context);
        });
        app.UseCors();
        app.UseMiddleware<RefusalMiddleware>();
        app.MapEntra();
        IdentityEndpoint.Map(app);
        MeEndpoint.Map(app);
        app.MapAzure();
        app.MapControl();
        return app;
    }

    // Kestrel cannot bind port 0 on both loopback addresses at once.
    private static void Listen(KestrelServerOptions kestrel, int port, LoopbackCertificate? certificate)
    {
        void Configure(ListenOptions listen)
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate.Certificate);
            }
        }
        if (port == 0)
        {
            kestrel.Listen(IPAddress.Loopback, 0, Configure);
        }
        else
        {
            kestrel.ListenLocalhost(port, Configure);
        }
    }
}
