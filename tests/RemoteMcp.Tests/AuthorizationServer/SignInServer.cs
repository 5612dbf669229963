using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Identity.Client;
using RemoteMcp.AuthorizationServer.Upstream;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Http;
using RemoteMcp.Testing.SignIn;
using RemoteMcp.Tests.Auth;
using RemoteMcp.Tests.Http;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Provides a server that is its own authorization server, with the emulator as its Entra ID.</summary>
public abstract class SignInServer : EmulatedSignIn
{
    /// <summary>Gets the store of the servers, so that a second server can be another instance.</summary>
    internal IStateStore? Store { get; set; }

    /// <summary>Gets or sets what responds to the server's own requests instead of the emulator; null for the emulator.</summary>
    internal Func<HttpRequestMessage, Task<HttpResponseMessage?>>? Upstream { get; set; }

    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        // The identity endpoint of the process is an environment variable, which parallel tests cannot share.
        server.Services.AddSingleton(new UpstreamCredential(new Emulators.WebClient(Emulator, Sample, OAuth).Assertion));
        server.Services.AddSingleton<IMsalHttpClientFactory>(new EmulatorHttp(this));
        if (Store is not null)
        {
            server.Services.AddSingleton(Store);
        }
    }

    private protected AuthorizationDriver Client(Uri? server = null) => new(server ?? Server.Url, Emulator);

    /// <summary>Calls a tool, and returns the status of the response.</summary>
    private protected async Task<HttpStatusCode> CallAsync(TokenResponse tokens)
    {
        using var request = Messages.PostStateless(Messages.StatelessCall("echo", """{"text":"x"}"""));
        using var response = await SendAsync(request, tokens.AccessToken);
        return response.StatusCode;
    }

    /// <summary>Creates a client whose requests go to another instance of the server.</summary>
    private protected AuthorizationDriver ClientOf(TestServerHost instance) => new(Server.Url, Emulator, instance.Url);

    private sealed class EmulatorHttp(SignInServer owner) : IMsalHttpClientFactory
    {
        private readonly Lazy<HttpClient> _client = new(() =>
            new(new Interceptor(owner) { InnerHandler = owner.Emulator.CreateHandler() }) { BaseAddress = owner.Emulator.Addresses.Entra });

        public HttpClient GetHttpClient() => _client.Value;
    }

    private sealed class Interceptor(SignInServer owner) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            (owner.Upstream is { } upstream ? await upstream(request) : null) ?? await base.SendAsync(request, cancellationToken);
    }
}
