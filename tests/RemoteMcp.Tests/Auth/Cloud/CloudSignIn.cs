using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using RemoteMcp.Tools;
using Xunit;

namespace RemoteMcp.Tests.Auth.Cloud;

/// <summary>
/// Provides a server with the team's tools and sign-in, a managed identity as its only credential, and an emulated Graph.
/// </summary>
public abstract class CloudSignIn : EmulatedSignIn
{
    /// <summary>The claims challenge that Entra returns if a second factor is missing. A client sends it at the next sign-in.</summary>
    protected const string SecondFactor = """{"access_token":{"capolids":{"essential":true,"values":["policy-1"]}}}""";

    // MSAL caches the tokens of managed identities for the whole process, so each test uses its own ids.
    private readonly AssignedIdentity _identity = new()
    {
        ClientId = Guid.NewGuid().ToString(),
        ObjectId = Guid.NewGuid().ToString(),
        ResourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/server",
    };

    private ProcessEnvironment? _environment;

    protected string IdentityClientId => _identity.ClientId;

    protected string IdentityObjectId => _identity.ObjectId;

    internal CloudSignInStore Store { get; } = new();

    internal LogLines Log { get; } = new();

    /// <summary>Gets the number of requests to Entra's token endpoint.</summary>
    protected int Exchanges => Emulator.Requests.CountOf("/oauth2/v2.0/token");

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:ManagedIdentity:ClientId"] = _identity.ClientId,
        ["RemoteMcp:Account:GraphEndpoint"] = Emulator.Addresses.Graph.ToString(),
        ["RemoteMcp:Account:GraphResource"] = "https://graph.microsoft.com",
    };

    /// <summary>Gets whether the server's registration trusts the managed identity.</summary>
    protected virtual bool IsFederated => true;

    /// <summary>Creates the handler for requests to Graph.</summary>
    protected virtual HttpMessageHandler CreateGraphHandler() => Emulator.CreateHandler();

    public override async ValueTask InitializeAsync()
    {
        Sample.Contoso.ManagedIdentities.Add(_identity);
        if (IsFederated)
        {
            Sample.Server.FederatedCredentials.Add(new FederatedCredential(FederatedCredential.HomeTenantIssuer, _identity.ObjectId));
        }

        await base.InitializeAsync();
        UseIdentityEndpoint();
    }

    public override async ValueTask DisposeAsync()
    {
        _environment?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sets the managed identity endpoint of the process to the emulator's, or to a different one.</summary>
    protected void UseIdentityEndpoint(string? instead = null)
    {
        _environment?.Dispose();
        _environment = new ProcessEnvironment(instead is null
            ? Emulator.IdentityEnvironment
            : new Dictionary<string, string> { ["IDENTITY_ENDPOINT"] = instead, ["IDENTITY_HEADER"] = "x" });
    }

    private protected override void AddTools(IMcpServerBuilder server)
    {
        server.Services.AddSingleton<IStateStore>(Store);
        server.Services.AddSingleton<ILoggerProvider>(Log);
        server.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Information));
        server.WithTeamTools(new ConfigurationBuilder().AddInMemoryCollection(Settings).Build());
        server.Services.AddHttpClient("Graph").ConfigurePrimaryHttpMessageHandler(CreateGraphHandler);
    }

    /// <summary>Signs in a user, optionally with a second factor, and returns the access token.</summary>
    protected async Task<string> SignInAsync(User user, bool secondFactor = false) =>
        (await OAuth.SignInAndRedeemAsync(("login_hint", user.PrincipalName), ("claims", secondFactor ? SecondFactor : null))).AccessToken;

    protected void DemandSecondFactor() =>
        Sample.Contoso.ConditionalAccess[MicrosoftApplications.GraphId] = new(ConditionalAccessDecision.RequireMultifactor, "policy-1");

    /// <summary>Calls a tool as a client of revision 2026-07-28.</summary>
    internal async Task<ToolAnswer> CallAsync(string token, string tool = "get_my_profile", TestServerHost? server = null)
    {
        using var request = Messages.PostStateless(Messages.StatelessCall(tool)).WithToken(token);
        using var response = await (server ?? Server).Client.SendAsync(request, Cancelled);
        return new ToolAnswer(await response.ReadMessageAsync());
    }

    internal sealed record ToolAnswer(JsonNode Message)
    {
        public JsonNode Result => Message["result"] ?? throw new InvalidOperationException(Message.ToJsonString());

        public bool IsError => (bool?)Result["isError"] is true;

        public string Text => (string)Result["content"]![0]!["text"]!;

        /// <summary>Gets the name in the profile.</summary>
        public string? Name =>
            (string?)Result["structuredContent"]?["display_name"] ?? throw new InvalidOperationException(Message.ToJsonString());

        public string Refusal
        {
            get
            {
                Assert.True(IsError, Message.ToJsonString());
                return Text;
            }
        }
    }
}
