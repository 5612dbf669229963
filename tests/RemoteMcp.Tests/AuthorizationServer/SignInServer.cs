using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Identity.Client;
using RemoteMcp.AuthorizationServer.Upstream;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Provides a server that is its own authorization server, with the emulator as its Entra ID.</summary>
public abstract class SignInServer : EmulatedSignIn
{
    /// <summary>Gets the store of the servers, so that a second server can be another instance.</summary>
    internal IStateStore? Store { get; set; }

    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        // The identity endpoint of the process is an environment variable, which parallel tests cannot share.
        server.Services.AddSingleton(new UpstreamCredential(Assertion));
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

    private string Assertion() => Emulator.Tokens.AccessToken(
        new AccessTokenRequest(
            Sample.Contoso, Sample.Daemon, Sample.Directory.FindResource(MicrosoftApplications.TokenExchangeAudience, Sample.Contoso)!)
        {
            PrincipalId = SampleDirectory.IdentityObjectId,
        });

    private sealed class EmulatorHttp(SignInServer owner) : IMsalHttpClientFactory
    {
        private readonly Lazy<HttpClient> _client = new(() => owner.Emulator.CreateClient());

        public HttpClient GetHttpClient() => _client.Value;
    }
}
